import Testing
@testable import LuaRuntime

@Suite("A signature text")
struct LuaSignatureTests {
  @Test("parameters, optional ones, defaults and results are told apart")
  func plain() {
    let signature = LuaSignature("(flux: Tensor, dim?: integer|string, keep: boolean = false, last: Tensor?) -> values: Tensor, integer?")
    #expect(signature.parameters.map(\.name) == ["flux", "dim", "keep", "last"])
    #expect(signature.parameters.map(\.type) == ["Tensor", "integer|string", "boolean", "Tensor"])
    #expect(signature.parameters.map(\.isOptional) == [false, true, true, true])
    #expect(signature.parameters[2].defaultText == "false")
    #expect(signature.results.map(\.name) == ["values", ""])
    #expect(signature.results.map(\.type) == ["Tensor", "integer"])
  }

  @Test("a table of options keeps its fields, with commas and quotes in defaults")
  func options() {
    let signature = LuaSignature("(path: string, {unit: string = \"a, b\", f: fun(x: number, y: number): number, [1]?: Tensor, range: table<string, integer>})")
    let options = signature.parameters[1]
    #expect(options.name == "options" && !options.isOptional)
    #expect(options.fields?.map(\.name) == ["unit", "f", "[1]", "range"])
    #expect(options.fields?.map(\.isOptional) == [true, false, true, false])
    #expect(options.fields?[0].defaultText == "\"a, b\"")
    #expect(options.fields?[1].type == "fun(x: number, y: number): number")
    #expect(LuaSignature("({a?: integer})").parameters[0].isOptional)
    #expect(LuaSignature("(terms: {ec: Term}, n: integer)").parameters[0].name == "terms")
  }

  @Test("nothing, variadic and property types are read")
  func edges() {
    #expect(LuaSignature("()") == LuaSignature("( )"))
    #expect(LuaSignature("()").parameters.isEmpty && LuaSignature("()").results.isEmpty)
    #expect(LuaSignature("(...: Tensor) -> Tensor").parameters[0] == .init(name: "...", type: "Tensor", isOptional: true, defaultText: nil, fields: nil))
    #expect(LuaSignature("integer[]").results[0].type == "integer[]")
  }
}
