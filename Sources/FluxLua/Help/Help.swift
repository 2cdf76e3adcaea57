import FluxCore
import FluxDocument
import LuaRuntime

/// The texts of `help()`, made from the declarations.
package enum Help {
  package static func text(for value: LuaValue, in session: LuaSession) throws -> String { try page(for: value, in: session).text }

  /// - Throws: ``FluxError`` for a name that nothing has.
  package static func page(for value: LuaValue, in session: LuaSession) throws -> HelpPage {
    switch value {
    case .nil: return overview(session)
    case .string(let name): return try page(named: name, session)
    default:
      if let module = session.module(of: value) { return page(module, session) }
      if let type = session.type(of: value) { return page(type, session) }
      if let function = session.function(of: value) {
        var markup = HelpMarkup(topic: function.place, types: types(session))
        let entry = markup.entry(function.place, function.declaration)
        return HelpPage(text: whole(function.place, function.declaration), html: markup.page(entry))
      }
      if let reference = value.reference, reference.typeName == "function" {
        return scriptFunction(value, session)
      }
      return HelpPage(text: "A \(value.reference?.typeName ?? "plain Lua value"): \(session.text(value))")
    }
  }

  private static func types(_ session: LuaSession) -> [AnyLuaType] { FluxLibrary.types + session.modules.flatMap(\.types) }

  private static func overview(_ session: LuaSession) -> HelpPage {
    let modules = session.modules.filter { !$0.name.isEmpty }
    let width = modules.map(\.name.count).max() ?? 0
    let lines = modules.map { "  \(padded($0.name, width))  \($0.summary)" }
    let head = "Modules; help(module), help(object) and help \"module.name\" tell more, help \"word\" searches:"
    let folded = modules.map { module in
      var markup = HelpMarkup(topic: "", types: [])
      return HTMLText.folded(
        "<code><b>\(module.name)</b></code> \(HTMLText.escaped(module.summary))",
        HTMLText.list(module.declarations.map { markup.folded(place($0, in: module), $0, at: place($0, in: module)) }), isOpen: false)
    }
    return HelpPage(text: head + "\n" + lines.joined(separator: "\n"), html: "<p style=\"margin:0\">\(HTMLText.escaped(head))</p>\n" + HTMLText.list(folded))
  }

  private static func page(_ module: LuaModule, _ session: LuaSession) -> HelpPage {
    var markup = HelpMarkup(topic: module.name, types: types(session))
    let entries = module.declarations.map { markup.folded(place($0, in: module), $0, at: place($0, in: module)) }
    return HelpPage(
      text: section("\(module.name): \(module.summary)", module.declarations.map { line(place($0, in: module), $0) }),
      html: markup.section(module.name, module.summary, entries))
  }

  private static func page(_ type: AnyLuaType, _ session: LuaSession) -> HelpPage {
    var markup = HelpMarkup(topic: type.name, types: types(session), subject: type)
    let entries = type.declarations.map { markup.folded(place($0, of: type), $0, at: type.name + place($0, of: type)) }
    return HelpPage(
      text: section("\(type.name): \(type.summary)", type.declarations.map { line(place($0, of: type), $0) }),
      html: markup.section(type.name, type.summary, entries))
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
  private static func page(named name: String, _ session: LuaSession) throws -> HelpPage {
    let known = types(session)
    if let module = session.modules.first(where: { $0.name == name }), !name.isEmpty { return page(module, session) }
    if let type = known.first(where: { $0.name == name }) { return page(type, session) }
    var markup = HelpMarkup(topic: name, types: known), pieces: [String] = []
    let parts = name.split(whereSeparator: { $0 == "." || $0 == ":" }).map(String.init)
    let owner = parts.count > 1 ? parts[0] : nil, member = parts.last ?? name
    var found: [String] = [], names: [String] = []
    for module in session.modules {
      if owner == nil || owner == module.name {
        for declaration in module.declarations where declaration.name == member {
          found.append(whole(place(declaration, in: module), declaration))
          pieces.append(markup.entry(place(declaration, in: module), declaration))
        }
      }
      names += [module.name] + module.declarations.filter(\.isNamed).map { place($0, in: module) }
    }
    var seen: Set<ObjectIdentifier> = []
    for type in known where seen.insert(ObjectIdentifier(type)).inserted {
      if owner == nil || owner == type.name {
        for declaration in type.declarations where declaration.name == member {
          found.append(whole(type.name + place(declaration, of: type), declaration))
          pieces.append(markup.entry(type.name + place(declaration, of: type), declaration))
        }
      }
      names += [type.name] + type.declarations.filter(\.isNamed).map { type.name + place($0, of: type) }
    }
    if let entry = LuaLibraryHelp.entry(named: name) {
      found.append("\(entry.name)\(entry.signature)\n    \(entry.summary)")
      pieces.append(HelpMarkup.ofLua(entry))
    }
    if found.isEmpty, let standard = LuaLibraryHelp.section(name) {
      found.append(standard)
      pieces.append(HTMLText.lines(standard))
    }
    let others = search(name, in: session).filter { line in
      !found.contains { $0.hasPrefix(line.prefix { $0 != " " } + "(") || $0.hasPrefix(line.prefix { $0 != " " } + ":") }
    }
    if !found.isEmpty {
      let text = found.joined(separator: "\n"), html = pieces.joined(separator: "\n")
      guard owner == nil, !others.isEmpty else { return HelpPage(text: text, html: markup.page(html)) }
      let also = "also\n" + listed(others, most: 8, name)
      return HelpPage(text: text + "\n" + also, html: markup.page(html + "\n" + HTMLText.lines(also)))
    }
    if !others.isEmpty { return HelpPage(text: listed(others, most: 40, name)) }
    throw FluxError(
      "nothing is called '\(name)'\(NearestName.hint(name, among: names.filter { !$0.isEmpty }))", at: "help",
      remedy: "help() lists the modules, help \"word\" searches all texts.")
  }

  private static func listed(_ lines: [String], most: Int, _ words: String) -> String {
    lines.prefix(most).map { "  " + $0 }.joined(separator: "\n")
      + (lines.count > most ? "\n  … \(lines.count - most) more: apropos \"\(words)\"" : "")
  }

  /// A function of a script: where it is, and the comment above it. One of Lua's: its line.
  private static func scriptFunction(_ value: LuaValue, _ session: LuaSession) -> HelpPage {
    guard let place = session.definition(of: value) else {
      let own = LuaLibraryHelp.entries.first { entry in
        let found = session.lookup(entry.name.split(separator: ".").map(String.init))
        return !found.isNil && session.identity(of: found) == session.identity(of: value)
      }
      guard let own else { return HelpPage(text: "A function of Lua's library.") }
      return HelpPage(text: "\(own.name)\(own.signature)\n    \(own.summary)", html: HelpMarkup.ofLua(own))
    }
    let lines = ScriptComment.lines(before: place.line, in: place.file)
    return HelpPage(text: (["a function of \(place.file), line \(place.line)"] + lines.map { "    " + $0 }).joined(separator: "\n"))
  }

  static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
