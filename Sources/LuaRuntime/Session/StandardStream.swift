internal import CLuaShim

/// The C streams that Lua's `print` and `io.write` use, so that Swift's text and
/// Lua's come out in order.
public enum StandardStream {
  case output
  case error

  /// Writes out what is buffered, before something else uses the terminal.
  public static func flush() { fx_flush_output() }

  /// Lets the C streams go to `take`, and standard input come from `give`: for a front end that is no terminal.
  /// Once, before the session is made, which keeps the streams.
  ///
  /// - Parameters:
  ///   - take: stream 1 or 2, bytes, count; gives the count.
  ///   - give: where to write, and how much at most; gives the count, 0 at the end, -1 with `errno` set.
  /// - Returns: false without memory.
  public static func redirect(
    take: @convention(c) (Int32, UnsafePointer<CChar>?, Int) -> Int, give: @convention(c) (UnsafeMutablePointer<CChar>?, Int) -> Int
  ) -> Bool {
    fx_redirect_streams(take, give)
  }

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
