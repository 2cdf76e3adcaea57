internal import CLuaShim

/// The C streams that Lua's `print` and `io.write` use, so that Swift's text and
/// Lua's come out in order.
public enum StandardStream {
  case output
  case error

  /// Writes out what is buffered, before something else uses the terminal.
  public static func flush() { fx_flush_output() }

  public func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { bytes in
        switch self {
        case .output: fx_write_output(bytes.baseAddress, bytes.count)
        case .error: fx_write_error(bytes.baseAddress, bytes.count)
        }
      }
    }
  }
}
