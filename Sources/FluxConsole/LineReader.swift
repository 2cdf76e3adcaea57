import FluxCore
import Glibc
import LuaRuntime
internal import CReadlineShim

/// Inputs from the user: through readline at a terminal, plain lines otherwise.
struct LineReader {
  enum Answer {
    case line(String)
    /// Ctrl-D, or the end of a file.
    case end
    /// Ctrl-C at the prompt.
    case cancelled
  }

  let isTerminal: Bool
  private let history: HistoryFile?

  init(isTerminal: Bool) {
    self.isTerminal = isTerminal
    history = isTerminal ? UserFiles.history.map(HistoryFile.init) : nil
  }

  /// Whether Enter goes on inside an input that is not whole.
  var editsLines: Bool { isTerminal && fx_edits_lines() }

  var columns: Int { isTerminal ? Int(fx_columns()) : 80 }

  /// Makes readline ready, with what earlier sessions typed.
  func prepare(_ assistant: ConsoleAssistant) {
    guard isTerminal else { return }
    assistant.install()
    for input in history?.read() ?? [] { fx_add_history(input) }
  }

  func line(prompt: String) -> Answer {
    StandardStream.flush()
    guard isTerminal else { return plainLine() }
    var line: UnsafeMutablePointer<CChar>?
    switch fx_read_line(prompt, { Interrupt.isPending }, &line) {
    case FX_LINE:
      guard let line else { return .end }
      defer { free(line) }
      return .line(String(cString: line))
    case FX_LINE_CANCELLED: return .cancelled
    default: return .end
    }
  }

  /// Keeps an input for the arrow keys, Ctrl-R and the next session.
  func remember(_ text: String) {
    guard isTerminal else { return }
    if history?.append(text) ?? true { fx_add_history(text) }
  }

  /// The inputs of this and earlier sessions, oldest first.
  func remembered() -> [String] { history?.read() ?? [] }

  private func plainLine() -> Answer {
    guard let text = readLine(strippingNewline: true) else { return .end }
    return .line(text)
  }
}
