import FluxCore
import FluxDocument

/// A page of help: text for a terminal, HTML for a notebook.
package struct HelpPage: Sendable {
  package let text: String
  let html: String

  /// - Parameter html: default: the text as it stands.
  package init(text: String, html: String? = nil) {
    self.text = text
    self.html = html ?? HTMLText.lines(text)
  }

  package var form: RichForm { RichForm("text/html", .text(html)) }
}
