import LuaRuntime
import Testing
@testable import FluxLua

/// What the stubs say, parsed, is what the registry says: nothing less, nothing more.
@Suite("The stubs and the registry")
struct StubRegistryTests {
  let files: [String: StubFile]

  init() throws {
    files = try Dictionary(uniqueKeysWithValues: StubWriter.files().map { name, text in (name, try StubFile(text)) })
  }

  private func type(_ text: String) throws -> String { try StubType(text[...]).text }

  /// A parameter or option as the stub must have it.
  private func field(_ p: LuaSignature.Parameter, options: String) throws -> StubFile.Field {
    StubFile.Field(
      name: p.name, isOptional: p.isOptional && p.name != "..." && !p.name.hasPrefix("["), type: p.fields == nil ? try type(p.type) : "\(options).\(p.name)")
  }

  private func check(_ file: StubFile, _ name: String, _ declaration: LuaDeclaration, options: String) throws {
    let stub = try #require(file.functions[name], "\(name) has no stub"), signature = declaration.signature
    #expect(try stub.parameters == signature.parameters.map { try field($0, options: options) }, "\(name)")
    #expect(stub.names == signature.parameters.map(\.name), "\(name)")
    #expect(try stub.results == signature.results.map { try result($0) }, "\(name)")
    #expect(stub.comment.split(whereSeparator: \.isWhitespace).starts(with: declaration.summary.split(separator: " ")), "\(name)")
    if let example = declaration.example { #expect(stub.comment.contains("```lua\n\(example)\n```"), "\(name)") }
    try checkOptions(file, declaration.signature, options)
  }

  private func result(_ p: LuaSignature.Parameter) throws -> String {
    guard let fields = p.fields else { return try type(p.type) }
    return try "{" + fields.map { try "\($0.name)\($0.isOptional ? "?" : ""):\(result($0))" }.joined(separator: ",") + "}"
  }

  private func checkOptions(_ file: StubFile, _ signature: LuaSignature, _ options: String) throws {
    for p in signature.parameters {
      guard let fields = p.fields else { continue }
      let made = try #require(file.classes["\(options).\(p.name)"], "\(options) has no class of options")
      #expect(try made.fields == fields.map { try field($0, options: options) }, "\(options)")
    }
  }

  @Test("every file is a meta file, and every type it mentions is defined in one of them")
  func types() {
    let known = Set(files.values.flatMap(\.classes.keys))
      .union(["nil", "any", "boolean", "string", "number", "integer", "function", "table", "true", "false"])
    for (name, file) in files {
      #expect(file.isMeta, "\(name)")
      #expect(file.mentioned.subtracting(known).isEmpty, "\(name): \(file.mentioned.subtracting(known))")
    }
  }

  @Test("each module's functions, values and options are there with their types, and no others")
  func modules() throws {
    for module in FluxLibrary.modules {
      let file = try #require(files[(module.name.isEmpty ? "globals" : module.name) + ".lua"])
      let prefix = module.name.isEmpty ? "" : module.name + "."
      let functions = module.declarations.filter { $0.kind == .function }
      for declaration in functions { try check(file, prefix + declaration.name, declaration, options: prefix + declaration.name) }
      let plain = file.functions.keys.filter { !$0.contains(":") }
      #expect(Set(plain) == Set(functions.map { prefix + $0.name }))
      guard !module.name.isEmpty else { continue }
      let table = try #require(file.classes["\(module.name)lib"])
      var values = try module.declarations.filter { $0.kind == .value }
        .map { StubFile.Field(name: $0.name, isOptional: false, type: try type($0.signatureText)) }
      if module.name == "flux" {
        values += FluxLibrary.modules.map(\.name).filter { !["", "flux"].contains($0) }
          .map { StubFile.Field(name: $0, isOptional: false, type: "\($0)lib") }
      }
      #expect(table.fields == values)
      let calls = module.declarations.filter { $0.kind == .call }
      #expect(table.overloads.count == calls.count)
      for call in calls { try checkOptions(file, call.signature, "\(module.name).call") }
    }
  }

  @Test("each type's properties, methods, operators and calls are there, and no others")
  func exposedTypes() throws {
    for type in FluxLibrary.types {
      let file = try #require(files.values.first { $0.classes[type.name] != nil }, "\(type.name) has no class")
      let made = file.classes[type.name]!
      let methods = type.declarations.filter { $0.kind == .method }
      for method in methods { try check(file, "\(type.name):\(method.name)", method, options: "\(type.name).\(method.name)") }
      #expect(Set(file.functions.keys.filter { $0.hasPrefix(type.name + ":") }) == Set(methods.map { "\(type.name):\($0.name)" }))
      var fields: [StubFile.Field] = [], operators: [String] = [], calls = 0
      for declaration in type.declarations {
        switch declaration.kind {
        case .property: fields.append(.init(name: declaration.name, isOptional: false, type: try self.type(declaration.signatureText)))
        case .index:
          let signature = declaration.signature
          fields.append(.init(name: "[\(signature.parameters[0].type)]", isOptional: false, type: try self.type(signature.results[0].type)))
        case .operator(let symbol):
          guard let name = symbol.stubName else { continue }
          let signature = declaration.signature, result = signature.results[0].type
          operators += signature.parameters.count < 2
            ? ["\(name): \(result)"] : signature.parameters[1].type.split(separator: "|").map { "\(name)(\($0)): \(result)" }
        case .call: calls += 1
        default: continue
        }
      }
      #expect(made.fields == fields, "\(type.name)")
      #expect(made.operators == operators, "\(type.name)")
      #expect(made.overloads.count == calls, "\(type.name)")
    }
  }

  @Test("the parser refuses what LuaCATS does not have")
  func refusals() {
    for text in ["---@parm x number\nfunction f(x) end\n", "---@param x\nfunction f(x) end\n", "---@param x number]\nfunction f(x) end\n",
      "---@field x number\n", "---@class A\n---@field x fun(\n", "x = 1\n", "function f() end\nfunction f() end\n", "---@return { a b }\nfunction f() end\n"] {
      #expect(throws: StubFile.Mistake.self, "\(text)") { try StubFile(text) }
    }
  }
}
