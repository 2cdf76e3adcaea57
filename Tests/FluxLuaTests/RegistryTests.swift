import LuaRuntime
import Testing
@testable import FluxLua

/// Whatever is registered is documented: a declaration is the one source of what a user reads.
@Suite("The registry")
struct RegistryTests {
  static let declarations: [(place: String, LuaDeclaration)] =
    FluxLibrary.modules.flatMap { module in module.declarations.map { ("\(module.name).\($0.name)", $0) } }
    + FluxLibrary.types.flatMap { type in type.declarations.map { ("\(type.name):\($0.name)", $0) } }

  @Test("everything has a summary and a signature that can be read", arguments: declarations.indices)
  func documented(_ i: Int) {
    let (place, declaration) = Self.declarations[i]
    #expect(declaration.summary.count >= 2, "\(place) lacks a summary")
    #expect(!declaration.summary.contains("\n"), "\(place): one line")
    let signature = declaration.signature
    switch declaration.kind {
    case .property, .value:
      #expect(!declaration.signatureText.hasPrefix("("), "\(place) is a value: give its type")
    default:
      #expect(declaration.signatureText.hasPrefix("("), "\(place) is a function: give its parameters")
      for parameter in signature.parameters {
        #expect(!parameter.name.isEmpty, "\(place): a parameter has no name in \(declaration.signatureText)")
        #expect(!parameter.type.isEmpty, "\(place): '\(parameter.name)' has no type")
      }
    }
  }

  @Test("no name is declared twice")
  func unique() {
    for module in FluxLibrary.modules {
      let names = module.declarations.map(\.name)
      #expect(Set(names).count == names.count, "\(module.name)")
    }
    for type in FluxLibrary.types {
      let names = type.declarations.filter(\.isNamed).map(\.name)
      #expect(Set(names).count == names.count, "\(type.name)")
    }
    #expect(Set(FluxLibrary.types.map(\.name)).count == FluxLibrary.types.count)
  }

  @Test("names are lower_snake as Lua's are")
  func names() {
    for (place, declaration) in Self.declarations where declaration.isNamed {
      #expect(declaration.name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" || "TG".contains($0) }, "\(place)")
    }
  }

  @Test("every type that a signature mentions exists")
  func typesExist() {
    let known = Set(FluxLibrary.types.map(\.name))
      .union(["nil", "any", "boolean", "string", "number", "integer", "function", "table", "fun", "true", "false"])
    for (place, declaration) in Self.declarations {
      let signature = declaration.signature
      let types = (signature.parameters + signature.parameters.flatMap { $0.fields ?? [] }).filter { $0.fields == nil } + signature.results
      for type in types.map(\.type) where !type.contains("\"") && !type.contains("(") && !type.contains("{") {
        for word in type.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" }) {
          #expect(known.contains(String(word)), "\(place): there is no type '\(word)'")
        }
      }
    }
  }

  @Test("what a session offers beyond Lua's own is in the registry")
  func session() throws {
    let session = FluxLibrary.session()
    let lua: Set<String> = [
      "_G", "_VERSION", "assert", "collectgarbage", "coroutine", "debug", "dofile", "error", "getmetatable", "io", "ipairs", "load", "loadfile",
      "math", "next", "os", "package", "pairs", "pcall", "print", "rawequal", "rawget", "rawlen", "rawset", "require", "select",
      "setmetatable", "string", "table", "tonumber", "tostring", "type", "utf8", "warn", "xpcall",
    ]
    let declared = Set(FluxLibrary.modules.flatMap { $0.name.isEmpty ? $0.declarations.map(\.name) : [$0.name] })
    #expect(Set(session.globalNames).subtracting(lua) == declared)
    for module in FluxLibrary.modules where !module.name.isEmpty {
      var names = Set(module.declarations.filter(\.isNamed).map(\.name))
      if module.name == "flux" { names.formUnion(FluxLibrary.modules.map(\.name).filter { !["", "flux"].contains($0) }) }
      #expect(Set(session.memberNames(of: module.name, methods: false)) == names, "\(module.name)")
    }
  }

  @Test("every option is described, and the glossary describes no other")
  func options() {
    var used: Set<String> = []
    func check(_ declaration: LuaDeclaration, _ place: String) {
      for field in declaration.signature.parameters.flatMap({ $0.fields ?? [] }) {
        let own = "\(place).\(field.name)"
        used.insert(OptionGlossary.texts[own] == nil ? field.name : own)
        #expect(OptionGlossary.text(field.name, at: place) != nil, "\(own)")
      }
    }
    for module in FluxLibrary.modules { for declaration in module.declarations { check(declaration, Help.place(declaration, in: module)) } }
    for type in FluxLibrary.types { for declaration in type.declarations { check(declaration, "\(type.name):\(declaration.name)") } }
    #expect(Set(OptionGlossary.texts.keys).subtracting(used).isEmpty, "\(Set(OptionGlossary.texts.keys).subtracting(used))")
  }

  @Test("every function of a module has an example")
  func functionsHaveExamples() {
    for module in FluxLibrary.modules {
      for declaration in module.declarations where declaration.kind == .function || declaration.kind == .call {
        #expect(declaration.example != nil, "\(module.name).\(declaration.name)")
      }
    }
  }

  @Test("an example fits a terminal of 104 columns, and does not begin or end with an empty line")
  func examples() {
    for (place, declaration) in Self.declarations {
      guard let example = declaration.example else { continue }
      let lines = example.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.allSatisfy { $0.count <= 104 && !$0.contains("\t") }, "\(place)")
      #expect(lines.first?.isEmpty == false && lines.last?.isEmpty == false, "\(place)")
    }
  }
}
