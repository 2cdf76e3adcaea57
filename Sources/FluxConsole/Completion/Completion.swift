import FluxCore
import LuaRuntime

/// What Tab offers after a text, without running anything of a script's.
package struct Completion {
  /// Whole replacements of the word before the cursor.
  package private(set) var candidates: [String] = []
  /// The word before the cursor.
  package private(set) var word = ""
  /// File names are the better offer when there are no candidates.
  package private(set) var takesFiles = false

  /// - Parameters:
  ///   - text: the input up to the cursor.
  ///   - hidden: the names that `:restore` takes.
  package init(after text: String, in session: LuaSession, hidden: @autoclosure () -> [String] = []) {
    let trimmed = InputText.trimmed(text)
    if trimmed.first == ":", !trimmed.hasPrefix("::") {
      let name = trimmed.dropFirst().prefix { $0.isLetter }
      let argument = trimmed.dropFirst(1 + name.count)
      guard argument.first != nil || text.last == " " else {
        word = String(name)
        candidates = ConsoleCommand.all.map(\.name).filter { $0.hasPrefix(name) }
        return
      }
      switch ConsoleCommand.all.first(where: { $0.name == name })?.completes ?? .nothing {
      case .expression: complete(String(text.drop { $0 != " " }), session)
      case .file:
        word = InputText.trimmed(String(argument))
        takesFiles = true
      case .hiddenName:
        word = InputText.trimmed(String(argument))
        candidates = Self.matching(word, hidden())
      case .command:
        word = InputText.trimmed(String(argument))
        candidates = Self.matching(word, ConsoleCommand.all.map(\.name))
      case .nothing: break
      }
      return
    }
    complete(trimmed.first == "?" ? String(text.drop { "? ".contains($0) }) : text, session)
  }

  private mutating func complete(_ text: String, _ session: LuaSession) {
    let lexed = LuaTokens(text), tokens = lexed.all
    var end = tokens.count
    if let last = tokens.last {
      switch last.kind {
      case .string(isOpen: true):
        complete(last, tokens, session)
        return
      case .comment(isOpen: true): return
      case .name, .keyword:
        if last.range.upperBound == lexed.bytes.count {
          word = last.text
          end -= 1
        }
      case .number where last.range.upperBound == lexed.bytes.count: return
      default: break
      }
    }
    if end > 0, [".", ":"].contains(tokens[end - 1].text) {
      let names = ExpressionChain(tokens, endingBefore: end - 1)?.meaning(in: session)?.members(session, methods: tokens[end - 1].text == ":")
        ?? (Self.isString(tokens[..<(end - 1)]) ? session.withTable(session.lookup(["string"])) { $0.names } : nil)
      candidates = Self.matching(word, names ?? [])
      return
    }
    if let options = CallPosition(tokens, before: end, session)?.options {
      let names = Self.matching(word, options.map(\.name))
      if !names.isEmpty {
        candidates = names.map { $0 + " = " }
        return
      }
    }
    // Names of the input itself are its locals, most likely.
    let own = tokens[..<end].filter { $0.kind == .name }.map(\.text)
    let all = session.globalNames + own + (word.isEmpty ? [] : Array(LuaTokens.keywords))
    candidates = Self.matching(word, all.filter { word.hasPrefix("_") || !$0.hasPrefix("_") })
  }

  /// Inside quotes.
  private mutating func complete(_ string: LuaTokens.Token, _ tokens: [LuaTokens.Token], _ session: LuaSession) {
    let end = tokens.count - 1
    word = String(string.text.dropFirst())
    if end > 0, tokens[end - 1].text == "[" {
      let names = ExpressionChain(tokens, endingBefore: end - 1)?.meaning(in: session)?.members(session, methods: false)
      candidates = Self.matching(word, names ?? [])
    } else if let position = CallPosition(tokens, before: end, session) {
      candidates = Self.matching(word, QuotedWords(session: session).candidates(at: position))
    }
    takesFiles = true
  }

  /// Whether a string stands last, as `("x")` or `x.."y"`.
  private static func isString(_ tokens: ArraySlice<LuaTokens.Token>) -> Bool {
    tokens.last { $0.text != ")" }?.kind == .string(isOpen: false)
  }

  private static func matching(_ word: String, _ names: [String]) -> [String] {
    Array(Set(names.filter { $0.hasPrefix(word) })).sorted()
  }
}
