import FluxCore
import LuaRuntime

/// The texts of `help()`, made from the declarations.
package enum Help {
  /// - Throws: ``FluxError`` for a name that nothing has.
  package static func text(for value: LuaValue, in session: LuaSession) throws -> String {
    switch value {
    case .nil: return overview(session)
    case .string(let name): return try text(named: name, session)
    default:
      if let module = session.module(of: value) { return text(module) }
      if let type = session.type(of: value) { return text(type) }
      if let function = session.function(of: value) { return whole(function.place, function.declaration) }
      if let reference = value.reference, reference.typeName == "function" {
        return scriptFunction(value, session)
      }
      return "A \(value.reference?.typeName ?? "plain Lua value"): \(session.text(value))"
    }
  }

  private static func overview(_ session: LuaSession) -> String {
    let modules = session.modules.filter { !$0.name.isEmpty }
    let width = modules.map(\.name.count).max() ?? 0
    let lines = modules.map { "  \(padded($0.name, width))  \($0.summary)" }
    return "Modules; help(module), help(object) and help \"module.name\" tell more, help \"word\" searches:\n" + lines.joined(separator: "\n")
  }

  private static func text(_ module: LuaModule) -> String {
    section("\(module.name): \(module.summary)", module.declarations.map { line(place($0, in: module), $0) })
  }

  static func text(_ type: AnyLuaType) -> String {
    section("\(type.name): \(type.summary)", type.declarations.map { line(place($0, of: type), $0) })
  }

  private static func section(_ title: String, _ lines: [String]) -> String {
    ([title] + lines.map { "  " + $0.split(separator: "\n").joined(separator: "\n  ") }).joined(separator: "\n")
  }

  /// `tensor.zeros(shape: integer[]) -> Tensor`, and below it the summary.
  private static func line(_ place: String, _ declaration: LuaDeclaration) -> String {
    let signature = declaration.signatureText
    let separator = signature.hasPrefix("(") ? "" : ": "
    return "\(place)\(separator)\(signature)\n    \(declaration.summary)"
  }

  /// The line, the summary, what the options do, and the example.
  private static func whole(_ place: String, _ declaration: LuaDeclaration) -> String {
    let options = OptionGlossary.rows(declaration.signature, at: place)
    let width = options.map(\.name.count).max() ?? 0
    var lines = [line(place, declaration)] + options.map { "      \(padded($0.name, width))  \($0.text)" }
    if let example = declaration.example { lines += example.split(separator: "\n").map { "      " + $0 } }
    return lines.joined(separator: "\n")
  }

  static func place(_ declaration: LuaDeclaration, in module: LuaModule) -> String {
    if declaration.kind == .call { return module.name }
    return module.name.isEmpty ? declaration.name : "\(module.name).\(declaration.name)"
  }

  static func place(_ declaration: LuaDeclaration, of type: AnyLuaType) -> String {
    switch declaration.kind {
    case .method: ":\(declaration.name)"
    case .property, .value, .function: ".\(declaration.name)"
    case .operator(let symbol): symbol.symbol
    case .call: "object"
    case .index: "object[…]"
    case .setIndex: "object[…] ="
    }
  }

  /// `tensor`, `Tensor`, `tensor.zeros`, `Tensor:sum`, `Tensor.shape`, `sum`.
  private static func text(named name: String, _ session: LuaSession) throws -> String {
    let types = FluxLibrary.types + session.modules.flatMap(\.types)
    if let module = session.modules.first(where: { $0.name == name }), !name.isEmpty { return text(module) }
    if let type = types.first(where: { $0.name == name }) { return text(type) }
    let parts = name.split(whereSeparator: { $0 == "." || $0 == ":" }).map(String.init)
    let owner = parts.count > 1 ? parts[0] : nil, member = parts.last ?? name
    var found: [String] = [], names: [String] = []
    for module in session.modules {
      if owner == nil || owner == module.name {
        found += module.declarations.filter { $0.name == member }.map { whole(place($0, in: module), $0) }
      }
      names += [module.name] + module.declarations.filter(\.isNamed).map { place($0, in: module) }
    }
    var seen: Set<ObjectIdentifier> = []
    for type in types where seen.insert(ObjectIdentifier(type)).inserted {
      if owner == nil || owner == type.name {
        found += type.declarations.filter { $0.name == member }.map { whole(type.name + place($0, of: type), $0) }
      }
      names += [type.name] + type.declarations.filter(\.isNamed).map { type.name + place($0, of: type) }
    }
    if let entry = LuaLibraryHelp.entry(named: name) { found.append("\(entry.name)\(entry.signature)\n    \(entry.summary)") }
    if found.isEmpty, let standard = LuaLibraryHelp.section(name) { found.append(standard) }
    let others = search(name, in: session).filter { line in
      !found.contains { $0.hasPrefix(line.prefix { $0 != " " } + "(") || $0.hasPrefix(line.prefix { $0 != " " } + ":") }
    }
    if !found.isEmpty {
      guard owner == nil, !others.isEmpty else { return found.joined(separator: "\n") }
      return found.joined(separator: "\n") + "\nalso\n" + listed(others, most: 8, name)
    }
    if !others.isEmpty { return listed(others, most: 40, name) }
    throw FluxError(
      "nothing is called '\(name)'\(NearestName.hint(name, among: names.filter { !$0.isEmpty }))", at: "help",
      remedy: "help() lists the modules, help \"word\" searches all texts.")
  }

  private static func listed(_ lines: [String], most: Int, _ words: String) -> String {
    lines.prefix(most).map { "  " + $0 }.joined(separator: "\n")
      + (lines.count > most ? "\n  … \(lines.count - most) more: apropos \"\(words)\"" : "")
  }

  /// A function of a script: where it is, and the comment above it. One of Lua's: its line.
  private static func scriptFunction(_ value: LuaValue, _ session: LuaSession) -> String {
    guard let place = session.definition(of: value) else {
      let own = LuaLibraryHelp.entries.first { entry in
        let found = session.lookup(entry.name.split(separator: ".").map(String.init))
        return !found.isNil && session.identity(of: found) == session.identity(of: value)
      }
      return own.map { "\($0.name)\($0.signature)\n    \($0.summary)" } ?? "A function of Lua's library."
    }
    let lines = ScriptComment.lines(before: place.line, in: place.file)
    return (["a function of \(place.file), line \(place.line)"] + lines.map { "    " + $0 }).joined(separator: "\n")
  }

  static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
