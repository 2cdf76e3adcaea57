import LuaRuntime
import Testing
@testable import FluxLua

@Suite("The reference")
struct ReferenceTests {
  let files = Dictionary(uniqueKeysWithValues: ReferenceWriter.files().map { ($0.name, $0.text) })

  /// The part of a page from an anchor to the next.
  private func section(_ anchor: String, _ page: String) -> String? {
    guard let text = files[page], let start = text.range(of: "<a id=\"\(anchor)\"></a>") else { return nil }
    let rest = text[start.upperBound...]
    return String(rest[..<(rest.range(of: "<a id=")?.lowerBound ?? rest.endIndex)])
  }

  @Test("everything that is registered has an entry with its signature, summary, options and example")
  func complete() throws {
    for module in FluxLibrary.modules {
      let page = (module.name.isEmpty ? "globals" : module.name) + ".md"
      for declaration in module.declarations {
        let place = Help.place(declaration, in: module)
        try check(declaration, place, try #require(section(place, page), "\(place)"))
      }
      for type in module.types where files[page]!.contains("## Type `\(type.name)`") {
        for declaration in type.declarations {
          switch declaration.kind {
          case .method where declaration.name == "free": continue
          case .method: try check(declaration, "\(type.name):\(declaration.name)", try #require(section("\(type.name):\(declaration.name)", page)))
          case .property: #expect(try #require(section("\(type.name).\(declaration.name)", page)).contains(MarkdownText.cell(declaration.summary)))
          default: #expect(files[page]!.contains("| `\(Help.place(declaration, of: type))` | `\(declaration.signatureText.replacing("|", with: "\\|"))`"), "\(type.name) \(declaration.name)")
          }
        }
      }
    }
    for type in FluxLibrary.types { #expect(files.values.filter { $0.contains("## Type `\(type.name)`\n") }.count == 1, "\(type.name)") }
  }

  private func check(_ declaration: LuaDeclaration, _ place: String, _ text: String) throws {
    #expect(text.contains("\(place)\(declaration.signatureText.hasPrefix("(") ? "" : ": ")\(declaration.signatureText)\n"), "\(place)")
    #expect(text.contains(MarkdownText.plain(ReferenceText.sentence(declaration.summary))), "\(place)")
    if let example = declaration.example { #expect(text.contains("```lua\n\(example)\n```"), "\(place)") }
    for field in declaration.signature.parameters.flatMap({ $0.fields ?? [] }) { #expect(text.contains("| `\(field.name)` |"), "\(place) \(field.name)") }
  }

  @Test("every link leads to a page and an anchor that exist, and the index names everything")
  func links() throws {
    for (name, text) in files {
      for link in text.matches(of: /\]\(([^)#]+)(?:#([^)]+))?\)/) {
        let page = try #require(files[String(link.output.1)], "\(name): \(link.output.0)")
        if let anchor = link.output.2 { #expect(page.contains("<a id=\"\(anchor)\"></a>"), "\(name): \(link.output.0)") }
      }
    }
    let anchors = files.values.reduce(0) { $0 + $1.matches(of: /<a id=/).count }
    let index = try #require(files["README.md"])
    #expect(index.matches(of: /\.md#/).count == anchors)
  }

  @Test("Markdown is well formed: fences are closed, rows of a table have equal cells")
  func markdown() {
    for (name, text) in files {
      var isOpen = false, cells: Int?
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        if line.hasPrefix("```") { isOpen.toggle() }
        guard !isOpen, line.hasPrefix("|") else { cells = nil; continue }
        let count = line.matches(of: /[^\\]\|/).count
        #expect(cells == nil || cells == count, "\(name): \(line)")
        cells = count
      }
      #expect(!isOpen, "\(name)")
    }
  }

  @Test("summaries become sentences, and their signs stay signs")
  func text() {
    #expect(ReferenceText.sentence("the sum [region, time]") == "The sum [region, time].")
    #expect(ReferenceText.sentence("|x|; done.") == "|x|; done.")
    #expect(MarkdownText.plain("a_b [x] |y| <z>") == "a\\_b \\[x\\] \\|y\\| \\<z\\>")
    #expect(MarkdownText.type("Tensor[]|number", ["Tensor": "tensor.md"]) == "[`Tensor`](tensor.md#Tensor)`[]\\|number`")
  }
}
