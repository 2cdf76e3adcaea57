import FluxCore
import FluxDocument
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
    ]).html().text
    #expect(!html.contains("<script") && !html.contains("<i>") && !html.contains("\u{1B}"))
    #expect(html.contains("&lt;script&gt;") && html.contains("&lt;/table&gt;") && html.contains("<title>a &lt; b</title>"))
    #expect(html.contains("<dt>none</dt>\n<dd>–</dd>") && !html.contains("Nothing"))
    #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
  }

  @Test("a loaded file is folded under its name, a wide table has a page of its own across")
  func folded() throws {
    let columns = (0..<21).map { "c\($0)" }
    let table = Table(title: "t", columns: columns, rows: [columns.map { .text($0) }])
    let html = try page([.folded(title: "lib/a.lua, xxh64:0", lines: "x < y"), .table(table)]).html().text
    #expect(html.contains("<details>\n<summary>lib/a.lua, xxh64:0</summary>\n<pre>x &lt; y</pre>\n</details>"))
    #expect(html.contains("<div class=\"table wide landscape\">") && html.contains("@page wide { size: A4 landscape;"))
  }

  @Test("a plan without a limit of steps prints none")
  func endless() {
    #expect(ReportParts.withoutEndlessSteps("5, at most \(Int.max) steps") == "5")
    #expect(ReportParts.withoutEndlessSteps("5, at most 20 steps") == "5, at most 20 steps")
  }

  @Test("nothing is loaded from elsewhere")
  func offline() throws {
    let html = try page([.paragraph("x")]).html().text
    for word in ["http://", "https://", "<link", "src=\"/", "@import", "url("] { #expect(!html.contains(word), "\(word)") }
  }

  @Test("a figure is in the page with its size and words, the same twice; one that cannot be drawn says why")
  func figures() throws {
    let line = Figure.lines([Curve("a", x: [1, 2, 3], y: [1, -2, 3])])
    let blocks = ["none & such", "nor this"].map { ReportPage.Block.figure(Figure([]), caption: $0) }
    let (empty, missing) = try page(blocks).html()
    #expect(empty.contains("A figure is missing here (none &amp; such)."))
    #expect(empty.contains("2 of 2 figures are missing") && empty.contains("<li>nor this</li>"))
    #expect(missing.map(\.caption) == ["none & such", "nor this"])
    #expect(missing.first?.reason.came == "the figure has no panel")
    guard GMTLibrary.version != nil else { return }
    let (html, none) = try page([.figure(line, caption: "a line")]).html()
    #expect(none.isEmpty && !html.contains("are missing"))
    #expect(html.contains("<img src=\"data:image/png;base64,iVBOR") && html.contains("alt=\"a line\"") && html.contains("<figcaption>a line</figcaption>"))
    #expect(try page([.figure(line, caption: "a line")]).html().text == html)
  }
}
