import Glibc

/// Colour for the terminal, or none: under `NO_COLOR`, on a `dumb` terminal, into a pipe.
package struct TextStyle {
  let isOn: Bool

  package init(isOn: Bool) { self.isOn = isOn }

  package static let plain = TextStyle(isOn: false)

  /// - Parameter descriptor: where the text goes.
  static func of(_ descriptor: Int32) -> TextStyle {
    func variable(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
    let terminal = variable("TERM")
    return TextStyle(
      isOn: isatty(descriptor) == 1 && variable("NO_COLOR").isEmpty && terminal != "dumb" && !terminal.isEmpty)
  }

  func prompt(_ text: String) -> String {
    // Marked as taking no columns, for readline.
    isOn ? "\u{1}\u{1B}[1;32m\u{2}\(text)\u{1}\u{1B}[0m\u{2}" : text
  }
  func faint(_ text: String) -> String { code("2", text) }
  func error(_ text: String) -> String { code("31", text) }
  func string(_ text: String) -> String { code("32", text) }
  func heading(_ text: String) -> String { code("1", text) }

  private func code(_ code: String, _ text: String) -> String { isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}
