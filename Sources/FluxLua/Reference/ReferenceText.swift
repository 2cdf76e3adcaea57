import LuaRuntime

/// The reference as Markdown: a page a module, with the types whose objects it makes.
enum ReferenceText {
  /// - Parameters:
  ///   - types: those that no earlier page has.
  ///   - pages: the page of each type, for links.
  static func page(_ module: LuaModule, types: [AnyLuaType], pages: [String: String]) -> String {
    var text = "# \(title(module))\n\n\(MarkdownText.plain(sentence(module.summary)))\n"
    for declaration in module.declarations {
      text += entry(declaration, at: Help.place(declaration, in: module), level: 2, pages)
    }
    for type in types { text += self.type(type, pages) }
    return text
  }

  private static func type(_ type: AnyLuaType, _ pages: [String: String]) -> String {
    var text = "\n<a id=\"\(type.name)\"></a>\n\n## Type \(MarkdownText.code(type.name))\n\n\(MarkdownText.plain(sentence(type.summary)))\n"
    let properties = type.declarations.filter { if case .property = $0.kind { true } else { false } }
    if !properties.isEmpty {
      text += MarkdownText.table(["property", "type", "what it is"], properties.map { property in
        let name = "<a id=\"\(type.name).\(property.name)\"></a>" + MarkdownText.code(property.name)
        let note = property.kind == .property(settable: true) ? " (can be assigned)" : ""
        return [name, MarkdownText.type(property.signatureText, pages), MarkdownText.cell(property.summary + note)]
      })
      for property in properties { text += example(property) }
    }
    let operators = type.declarations.filter { !isWritten($0) }
    if !operators.isEmpty {
      text += MarkdownText.table(["written", "signature", "what it gives"], operators.map { declaration in
        [MarkdownText.code(Help.place(declaration, of: type)), MarkdownText.code(declaration.signatureText), MarkdownText.cell(declaration.summary)]
      })
      for declaration in operators { text += example(declaration) }
    }
    for method in type.declarations where method.kind == .method && !isCommon(method) {
      text += entry(method, at: "\(type.name):\(method.name)", level: 3, pages)
    }
    return text
  }

  /// Whether it has an entry, or a row among the properties, of its own.
  private static func isWritten(_ declaration: LuaDeclaration) -> Bool {
    switch declaration.kind {
    case .property, .method: true
    default: false
    }
  }

  /// What every type has; the index tells of it once.
  static func isCommon(_ declaration: LuaDeclaration) -> Bool { declaration.kind == .method && declaration.name == "free" }

  private static func entry(_ declaration: LuaDeclaration, at place: String, level: Int, _ pages: [String: String]) -> String {
    let separator = declaration.signatureText.hasPrefix("(") ? "" : ": "
    var text = "\n<a id=\"\(place)\"></a>\n\n\(String(repeating: "#", count: level)) \(MarkdownText.code(place))\n\n"
    text += MarkdownText.block("\(place)\(separator)\(declaration.signatureText)", language: "")
    text += "\n\(MarkdownText.plain(sentence(declaration.summary)))\n"
    for parameter in declaration.signature.parameters {
      guard let fields = parameter.fields, !fields.isEmpty else { continue }
      text += MarkdownText.table(["option", "type", "default", "what it does"], fields.map { field in
        let fallback = field.defaultText.map(MarkdownText.code) ?? (field.isOptional ? "–" : "required")
        let explained = OptionGlossary.text(field.name, at: place) ?? ""
        return [MarkdownText.code(field.name), MarkdownText.type(field.type, pages), fallback, MarkdownText.cell(explained)]
      })
    }
    return text + example(declaration)
  }

  private static func example(_ declaration: LuaDeclaration) -> String {
    declaration.example.map { "\n" + MarkdownText.block($0, language: "lua") } ?? ""
  }

  static func title(_ module: LuaModule) -> String { module.name.isEmpty ? "Global functions" : MarkdownText.code(module.name) }

  /// With a capital and a full stop, as prose has.
  static func sentence(_ summary: String) -> String {
    guard let first = summary.first else { return "" }
    return (first.isLetter && first.isASCII ? first.uppercased() + summary.dropFirst() : summary) + (summary.last == "." ? "" : ".")
  }
}
