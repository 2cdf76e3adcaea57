import FluxCore
import LuaRuntime

/// Values as the console shows them: objects as short trees, tables by their first entries.
package struct ValueText {
  let session: LuaSession
  /// Columns of the terminal.
  var width = 80
  var style = TextStyle.plain

  private static let mostEntries = 20
  private static let mostCharacters = 10_000

  /// The whole answer to an input, perhaps of several lines.
  package func full(_ value: LuaValue) -> String {
    switch value {
    case .string(let text):
      let shown = text.utf8.count > Self.mostCharacters ? String(text.prefix(Self.mostCharacters)) : text
      let rest = text.utf8.count - shown.utf8.count
      return style.string(shown) + (rest > 0 ? style.faint("\n… \(rest) bytes more; print(_) shows all") : "")
    case .object(let reference):
      if session.type(of: value) != nil { return session.text(value, tree: true) }
      guard reference.typeName == "table", session.module(of: value) == nil, !session.hasMetamethod("__tostring", value) else {
        return line(value)
      }
      var seen: Set<UInt> = []
      let inline = compact(value, depth: 3, &seen)
      return inline.count <= width ? inline : tree(value)
    default: return session.text(value)
    }
  }

  /// One line, cut at the terminal's edge.
  func line(_ value: LuaValue, columns: Int? = nil) -> String {
    var seen: Set<UInt> = []
    var text = compact(value, depth: 2, &seen)
    if let end = text.firstIndex(of: "\n") { text = String(text[..<end]) + " …" }
    let columns = max(16, columns ?? width)
    return text.count <= columns ? text : String(text.prefix(columns - 1)) + "…"
  }

  private func compact(_ value: LuaValue, depth: Int, _ seen: inout Set<UInt>) -> String {
    switch value {
    case .string(let text):
      let shown = text.count > 200 ? String(text.prefix(200)) + "…" : text
      return Self.quoted(shown)
    case .object(let reference):
      if let module = session.module(of: value) { return "module \(module.name): \(module.summary)" }
      if let function = session.function(of: value) {
        return "function \(function.place)\(function.declaration.signatureText)"
      }
      if reference.typeName == "function" {
        guard let place = session.definition(of: value) else { return "function of Lua's library" }
        return "function at \(place.file):\(place.line)"
      }
      guard reference.typeName == "table", !session.hasMetamethod("__tostring", value) else { return session.text(value) }
      return table(value, depth: depth, &seen)
    default: return session.text(value)
    }
  }

  private func table(_ value: LuaValue, depth: Int, _ seen: inout Set<UInt>) -> String {
    guard let identity = session.identity(of: value) else { return "{}" }
    guard seen.insert(identity).inserted else { return "{itself}" }
    defer { seen.remove(identity) }
    let (entries, count, length) = entries(of: value)
    if count == 0 { return "{}" }
    if depth == 0 { return "{… \(count)}" }
    var parts = entries.prefix(Self.mostEntries).map { entry in
      let text = compact(entry.value, depth: depth - 1, &seen)
      if let i = entry.key.integer, i >= 1, i <= length { return text }
      return "\(Self.keyText(entry.key, session)) = \(text)"
    }
    if count > parts.count { parts.append("… \(count) in all") }
    return "{" + parts.joined(separator: ", ") + "}"
  }

  private func tree(_ value: LuaValue) -> String {
    let (entries, count, length) = entries(of: value)
    var lines = ["table, \(count) entr\(count == 1 ? "y" : "ies")"]
    let shown = entries.prefix(Self.mostEntries)
    for (i, entry) in shown.enumerated() {
      let isLast = i == shown.count - 1 && shown.count == count
      let isItem = entry.key.integer.map { $0 >= 1 && $0 <= length } ?? false
      let key = isItem ? "[\(session.text(entry.key))]" : Self.keyText(entry.key, session)
      lines.append("\(isLast ? "└──" : "├──") \(key): \(line(entry.value, columns: width - key.count - 6))")
    }
    if count > shown.count { lines.append("└── … \(count - shown.count) more") }
    return lines.joined(separator: "\n")
  }

  /// The list part in its order, then names in theirs.
  func entries(of value: LuaValue) -> (entries: [(key: LuaValue, value: LuaValue)], count: Int, length: Int) {
    session.withTable(value) { view in
      let length = view.count
      var (pairs, count) = view.entries(limit: 2000)
      pairs.sort { a, b in
        switch (a.key.number, b.key.number) {
        case (let x?, let y?): x < y
        case (_?, nil): true
        case (nil, _?): false
        default: session.text(a.key) < session.text(b.key)
        }
      }
      return (pairs, count, length)
    } ?? ([], 0, 0)
  }

  private static func keyText(_ key: LuaValue, _ session: LuaSession) -> String {
    guard case .string(let name) = key else { return "[\(session.text(key))]" }
    let isName = name.first.map { $0.isLetter || $0 == "_" } ?? false && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    return isName ? name : "[\(quoted(name))]"
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for c in text.unicodeScalars {
      switch c {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where c.value < 32: result += "\\\(c.value)"
      default: result.unicodeScalars.append(c)
      }
    }
    return result + "\""
  }
}
