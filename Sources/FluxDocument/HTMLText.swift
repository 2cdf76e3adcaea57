/// Pieces of HTML in which no text of ours means more than it says.
///
/// What is made of them bears no colours of its own, so that it can be read on light and on dark pages, and no style sheet: a front end
/// strips those from notebooks that it does not trust.
public enum HTMLText {
  /// Text for the inside of an element or of a quoted attribute.
  public static func escaped(_ text: String) -> String {
    var result = ""
    for c in text.unicodeScalars {
      switch c {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(c)
      }
    }
    return result
  }

  public static func code(_ text: String) -> String { "<code>\(escaped(text))</code>" }

  /// Text that says less than what stands beside it.
  public static func faint(_ text: String) -> String { text.isEmpty ? "" : "<span style=\"opacity:0.65\">\(escaped(text))</span>" }

  /// Lines whose columns stand below each other.
  public static func lines(_ text: String) -> String {
    "<pre style=\"margin:0.2em 0;white-space:pre-wrap\">\(escaped(text))</pre>"
  }

  /// A head that shows or hides what is below it.
  ///
  /// - Parameters:
  ///   - head, body: HTML.
  public static func folded(_ head: String, _ body: String, isOpen: Bool) -> String {
    "<details\(isOpen ? " open=\"\"" : "")><summary style=\"cursor:pointer\">\(head)</summary>\n\(body)\n</details>"
  }

  /// - Parameter items: HTML.
  public static func list(_ items: [String]) -> String {
    "<ul style=\"list-style:none;margin:0;padding-left:1.3em\">\n" + items.map { "<li>\($0)</li>\n" }.joined() + "</ul>"
  }
}
