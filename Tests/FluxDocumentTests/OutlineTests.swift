import FluxCore
import FluxDocument
import Foundation
import Testing

@Suite("Outlines")
struct OutlineTests {
  private let drawn = """
    Bridge [region 18]
    ├── pixels: 412
    ├── parts
    │   ├── north: 3
    │   └── south: 4
    ├── 12 towers without a name
    └── region  area
        BRA      8.5
        EU       5.0
    """

  @Test("a drawn tree is read with its names, branches and lines of fixed width, and drawn again as it was")
  func reading() throws {
    let outline = try #require(Outline(drawn: drawn))
    #expect(outline.head == "Bridge [region 18]" && outline.rows.map(\.name) == ["pixels", "", "", "region"])
    #expect(outline.rows[0].text == "412" && outline.rows[1].rows.map(\.name) == ["north", "south"] && outline.rows[1].rows[1].text == "4")
    #expect(outline.rows[2].text == "12 towers without a name" && outline.rows[3].lines == ["region  area", "BRA      8.5", "EU       5.0"])
    let again = try #require(Outline(drawn: outline.description))
    #expect(Array(again.rows[..<3]) == Array(outline.rows[..<3]))
  }

  @Test("a text without branches is no tree")
  func plain() { #expect(Outline(drawn: "Tensor [2]: 1 2") == nil) }

  @Test("as HTML the first level is open, what is below it is folded, and no text becomes markup")
  func html() {
    let table = Table(title: "t", columns: ["a"], rows: [[.text("<b>")]])
    let html = Outline("nee <x>", [.init("unit", "a & b"), .init("more", "", rows: [.init("in", "1")]), .init("table", "as it is", table: table)]).html
    #expect(html.hasPrefix("<details open=\"\"><summary style=\"cursor:pointer\"><b>nee</b> &lt;x&gt;</summary>"))
    #expect(html.contains("unit:</span> a &amp; b</li>") && html.contains("<td style=\"text-align:left\">&lt;b&gt;</td>"))
    #expect(html.components(separatedBy: "<details>").count == 3 && html.components(separatedBy: "</details>").count == 4)
  }

  @Test("HTML names no colour: it is read on light and on dark pages")
  func colours() {
    let html = Outline("a", [.init("b", "c"), .init("d", "e", table: Table(title: "t", columns: ["x"], rows: [[.number(1, digits: 0)]]))]).html
    #expect(!html.contains("color") && !html.contains("background") && !html.contains("<style"))
  }
}
