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
}
