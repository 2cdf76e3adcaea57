import Glibc
import LuaRuntime
internal import CReadlineShim

/// Tab at the prompt: globals, and the members of what stands before a dot or colon.
enum Completion {
  // readline's completer is a C function without a context, and the console is
  // one and lives on the interpreter's thread.
  nonisolated(unsafe) private static weak var session: LuaSession?
  nonisolated(unsafe) private static var candidates: [String] = []

  static func install(for session: LuaSession) {
    self.session = session
    fx_set_completer { word, state in
      if state == 0 { Completion.candidates = Completion.find(String(cString: word!)) }
      guard state < Completion.candidates.count else { return nil }
      return strdup(Completion.candidates[Int(state)])
    }
  }

  private static func find(_ word: String) -> [String] {
    session.map { completions(of: word, in: $0) } ?? []
  }

  /// The whole words that `word` may become.
  static func completions(of word: String, in session: LuaSession) -> [String] {
    guard let mark = word.lastIndex(where: { $0 == "." || $0 == ":" }) else {
      return session.globalNames.filter { $0.hasPrefix(word) }
    }
    let prefix = word[word.index(after: mark)...]
    return session.memberNames(of: String(word[..<mark]), methods: word[mark] == ":")
      .filter { $0.hasPrefix(prefix) }.map { word[...mark] + $0 }
  }
}
