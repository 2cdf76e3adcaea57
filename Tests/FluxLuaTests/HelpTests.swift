import Foundation
import LuaRuntime
import Testing
@testable import FluxLua

@Suite("Help")
struct HelpTests {
  let lua = FluxLibrary.session()

  @Test("help without argument lists every module")
  func overview() throws {
    let text = try Help.text(for: .nil, in: lua)
    for module in lua.modules where !module.name.isEmpty { #expect(text.contains("  \(module.name) ")) }
  }

  @Test("a name, its module and its function itself give the same line")
  func function() throws {
    let line = "flux.threads(count?: integer) -> integer"
    #expect(try Help.text(for: .string("flux.threads"), in: lua).hasPrefix(line))
    #expect(try Help.text(for: .string("flux"), in: lua).contains(line))
    let value = try #require(try lua.run("return flux.threads").first)
    #expect(try Help.text(for: value, in: lua).hasPrefix(line))
  }

  @Test("help about one function ends with its example, the list of a module does not show it")
  func example() throws {
    let one = try Help.text(for: .string("flux.threads"), in: lua)
    #expect(one.hasSuffix("\n      flux.threads(2)  --> 2"))
    #expect(try !Help.text(for: .string("flux"), in: lua).contains("-->"))
  }

  @Test("help for a word finds it in names and summaries; names come first")
  func search() throws {
    let text = try Help.text(for: .string("regrid"), in: lua)
    #expect(text.hasPrefix("Cube:regrid(grid: Grid"))
    let lines = Help.search("seasonal CYCLE", in: lua)
    #expect(lines.contains { $0.hasPrefix("Cube:msc") })
    #expect(try Help.text(for: .string("peak-to-trough"), in: lua).contains("Cube:amplitude"))
    #expect(throws: (any Error).self) { try Help.text(for: .string("zzyzx"), in: lua) }
    #expect(try lua.run("return pcall(apropos, 'zzyzx')")[0].boolean == false)
  }

  @Test("Lua's own functions have a line each, by name and by value, and each exists")
  func standardLibrary() throws {
    #expect(try Help.text(for: .string("string.format"), in: lua).hasPrefix("string.format(pattern, …)"))
    let value = try #require(try lua.run("return math.floor").first)
    #expect(try Help.text(for: value, in: lua).hasPrefix("math.floor(x)"))
    for entry in LuaLibraryHelp.entries {
      #expect(!lua.lookup(entry.name.split(separator: ".").map(String.init)).isNil, "\(entry.name)")
    }
  }

  @Test("help about a script's function shows where it is and the comment above it")
  func scriptFunction() throws {
    let path = "/dev/shm/fluxbridge-help-\(UInt64.random(in: 0...UInt64.max)).lua"
    try lua.run("local f = io.open(..., 'w') f:write('-- unrelated\\nlocal x\\n--- Twice a number.\\nfunction twice(y) return 2 * y end') f:close()", with: [path])
    defer { _ = try? lua.run("os.remove(...)", with: [path]) }
    try lua.loadFile(path).call()
    let text = try Help.text(for: lua.run("return twice")[0], in: lua)
    #expect(text.hasSuffix("line 4\n    --- Twice a number.\n    function twice(y) return 2 * y end"), "\(text)")
  }

  @Test("every link of a page leads to a mark on the same page, or to Lua's manual; every mark is there once")
  func links() throws {
    let types = FluxLibrary.types.map(\.name)
    let modules = lua.modules.map(\.name).filter { !$0.isEmpty }
    let members = lua.modules.flatMap { module in module.declarations.filter(\.isNamed).map { Help.place($0, in: module) } }
      + FluxLibrary.types.flatMap { type in type.declarations.filter(\.isNamed).map { type.name + Help.place($0, of: type) } }
    var leading = 0
    for topic in types + modules + members + ["string.format", "regrid"] {
      let html = try Help.page(for: .string(topic), in: lua).html
      let marks = pieces(html, between: " id=\"", and: "\"")
      #expect(Set(marks).count == marks.count, "\(topic)")
      for link in pieces(html, between: "<a href=\"", and: "\"") {
        leading += 1
        let isThere = link.hasPrefix("#") ? marks.contains(String(link.dropFirst())) : link.hasPrefix("https://www.lua.org/manual/5.4/manual.html#pdf-")
        #expect(isThere, "\(topic): \(link)")
      }
    }
    #expect(leading > 1000)
  }

  @Test("a page of help as HTML folds members, shows options and examples, and links the types that a signature names")
  func html() throws {
    let html = try Help.page(for: .string("Cube.msc"), in: lua).html
    #expect(html.contains("<b>Cube:msc</b>") && html.contains("<a href=\"#help-Cube-msc-Cube\"") && html.contains("<div id=\"help-Cube-msc-Cube\">"))
    #expect(html.contains("<code>by</code>"))
    let module = try Help.page(for: .string("cube"), in: lua).html
    #expect(module.contains("<details><summary style=\"cursor:pointer\"><code><b>cube.open</b>("))
    #expect(try Help.page(for: .nil, in: lua).html.contains("<b>figure.map</b>"))
  }

  private func pieces(_ text: String, between start: String, and end: String) -> [String] {
    text.components(separatedBy: start).dropFirst().map { $0.components(separatedBy: end)[0] }
  }
}
