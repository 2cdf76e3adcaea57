import FluxCore
import FluxFigures
import Testing

@testable import FluxReport

/// The page without a run: what is escaped, what is drawn, what is told when it cannot be.
@Suite("The report's page")
struct ReportPageTests {
  private func page(_ blocks: [ReportPage.Block]) -> ReportPage {
    ReportPage(title: "a < b", subtitle: "\"c\" & d", sections: [.init("One & only", blocks), .init("Nothing", [])])
  }

  @Test("words of users are text, never tags; sections without content are left out")
  func escaped() throws {
    let html = try page([
      .paragraph("<script>alert(1)</script>"), .lines("if a < b then print(\"x\") end\u{1B}[0m"), .pairs([(name: "seed", text: "1"), (name: "none", text: "")]),
      .table(Table(title: "t & u", columns: ["<i>"], rows: [[.text("</table>")]])),
    ]).html()
    #expect(!html.contains("<script") && !html.contains("<i>") && !html.contains("\u{1B}"))
    #expect(html.contains("&lt;script&gt;") && html.contains("&lt;/table&gt;") && html.contains("<title>a &lt; b</title>"))
    #expect(html.contains("<dt>none</dt>\n<dd>–</dd>") && !html.contains("Nothing"))
    #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
  }

  @Test("nothing is loaded from elsewhere")
  func offline() throws {
    let html = try page([.paragraph("x")]).html()
    for word in ["http://", "https://", "<link", "src=\"/", "@import", "url("] { #expect(!html.contains(word), "\(word)") }
  }

  @Test("a figure is in the page with its size and words, the same twice; one that cannot be drawn says why")
  func figures() throws {
    let line = Figure.lines([Curve("a", x: [1, 2, 3], y: [1, -2, 3])])
    let empty = try page([.figure(Figure([]), caption: "none & such")]).html()
    #expect(empty.contains("A figure is missing here (none &amp; such)."))
    guard GMTLibrary.version != nil else { return }
    let html = try page([.figure(line, caption: "a line")]).html()
    #expect(html.contains("<img src=\"data:image/png;base64,iVBOR") && html.contains("alt=\"a line\"") && html.contains("<figcaption>a line</figcaption>"))
    #expect(try page([.figure(line, caption: "a line")]).html() == html)
  }
}
