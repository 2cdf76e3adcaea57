import Glibc
import LuaRuntime
internal import CReadlineShim

/// What readline asks for while the user types: Tab's offer, and whether Enter goes on.
final class ConsoleAssistant {
  private weak var console: Console?
  // readline's callbacks are C functions without a context; the console is one
  // and lives on the interpreter's thread.
  nonisolated(unsafe) private static var current: ConsoleAssistant?
  private var candidates: [String] = []

  init(_ console: Console) { self.console = console }

  func install() {
    Self.current = self
    fx_prepare(
      { text in ConsoleAssistant.current?.continuation(String(cString: text!)) ?? fx_continuation(next: -1, current: -1) },
      { line, start, end in ConsoleAssistant.current?.offer(String(cString: line!), Int(start), Int(end)) ?? fx_offer(count: 0, takes_files: true) },
      { i in ConsoleAssistant.current.flatMap { strdup($0.candidates[Int(i)]) } })
  }

  private func continuation(_ text: String) -> fx_continuation {
    guard let console, case .lua(let code) = InputText(text) else { return fx_continuation(next: -1, current: -1) }
    let indentation = InputIndentation.of(text)
    let goesOn = InputChunk.isIncomplete(code, in: console.session)
    return fx_continuation(next: goesOn ? Int32(indentation.next) : -1, current: Int32(indentation.current))
  }

  /// Tab at `line[start..<end]`: candidates are whole words, but readline takes
  /// what stands after its own word breaks, so both begin alike.
  private func offer(_ line: String, _ start: Int, _ end: Int) -> fx_offer {
    guard let console else { return fx_offer(count: 0, takes_files: true) }
    let typed = String(decoding: Array(line.utf8).prefix(end), as: UTF8.self)
    let completion = Completion(after: typed, in: console.session, hidden: console.hiddenNames)
    candidates = completion.candidates
    return fx_offer(count: Int32(clamping: candidates.count), takes_files: completion.takesFiles)
  }
}
