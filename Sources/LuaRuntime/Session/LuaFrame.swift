/// A function that was running when an error was raised, with its variables.
public struct LuaFrame {
  /// `script.lua:12`.
  public let place: String
  /// The function's name as its caller wrote it; nil for a main chunk.
  public let name: String?
  /// Variables in the order of their declaration; an inner one may have an outer one's name.
  public let variables: [(name: String, value: LuaValue)]
}

extension LuaError {
  /// The frames, innermost first; empty unless the session keeps them.
  public func frames(in session: LuaSession) -> [LuaFrame] {
    guard let frames else { return [] }
    return session.withTable(.object(frames)) { list in
      (0..<list.count).compactMap { i in list.withTable(at: i + 1) { Self.frame($0, session) } }
    } ?? []
  }

  private static func frame(_ table: LuaTableView, _ session: LuaSession) -> LuaFrame {
    func text(_ name: String) -> String? { (try? table.field(name, as: String.self)) ?? nil }
    func list(_ name: String) -> LuaValue { (try? table.field(name, as: LuaValue.self)) ?? .nil }
    let names = list("names").read(in: session, as: [String].self) ?? []
    let values = session.withTable(list("values")) { view in
      names.indices.map { (try? view.item($0 + 1, as: LuaValue.self)) ?? .nil }
    }
    return LuaFrame(place: text("where") ?? "?", name: text("name"), variables: Array(zip(names, values ?? [])))
  }
}
