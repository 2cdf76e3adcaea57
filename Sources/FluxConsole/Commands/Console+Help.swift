import FluxCore
import FluxLua
import LuaRuntime

extension Console {
  /// `:help`.
  func listCommands() { print(Self.commandsText) }

  private static var commandsText: String {
    let heads = ConsoleCommand.all.map { ":\($0.name)\($0.usage.isEmpty ? "" : " " + $0.usage)" }
    let keys = [
      ("?x  x?", "explains x: a function, object, module or name"), ("??words", "searches all help texts"),
      ("expression;", "a semicolon silences the answer"), ("_  _3", "the last answer; that of input 3 (the last 20 are kept)"),
      ("Tab  ↑  Ctrl-R", "completes; earlier inputs that begin so; searches them"), ("Ctrl-C  Ctrl-D", "stops what runs; leaves"),
    ]
    let lines = zip(heads, ConsoleCommand.all.map(\.summary)).map { ($0, $1) } + keys
    let width = lines.map(\.0.count).max() ?? 0
    return lines.map { "  \($0.0)\(String(repeating: " ", count: width - $0.0.count))  \($0.1)" }.joined(separator: "\n")
  }

  /// `?topic`: a value when it has one, otherwise a name for `help`.
  ///
  /// - Throws: ``FluxError`` for a name that nothing has; the error of an expression.
  package func helpText(_ topic: String) throws -> String { try helpPage(topic).text }

  /// The same with its other forms.
  package func helpPage(_ topic: String) throws -> HelpPage {
    guard !topic.isEmpty else { return try Help.page(for: .nil, in: session) }
    if topic.hasPrefix(":") { return HelpPage(text: Self.commandsText) }
    let path = topic.split(whereSeparator: { $0 == "." || $0 == ":" }).map(String.init)
    let value = session.lookup(path)
    if let place = session.definition(of: value), let source = source(of: place.file) {
      return HelpPage(text: "a function of \(place.file), line \(place.line)\n\(source)")
    }
    let isPlain = topic.allSatisfy { $0.isLetter || $0.isNumber || "_.:".contains($0) }
    guard isPlain else { return try Help.page(for: session.run("return \(topic)", name: "=help").first ?? .nil, in: session) }
    if let (type, member) = memberOfObject(path) { return try Help.page(for: .string("\(type.name).\(member)"), in: session) }
    return try Help.page(for: value.isNil ? .string(topic) : value, in: session)
  }

  /// `c.mean` where `c` is an object: its type and the member's name.
  private func memberOfObject(_ path: [String]) -> (AnyLuaType, String)? {
    guard path.count >= 2, let type = session.type(of: session.lookup(Array(path.dropLast()))) else { return nil }
    return type.declarations.contains { $0.name == path[path.count - 1] } ? (type, path[path.count - 1]) : nil
  }

  /// `:history word`.
  func listHistory(_ word: String) {
    for input in reader.remembered() where word.isEmpty || input.contains(word) { print("  " + input) }
  }
}
