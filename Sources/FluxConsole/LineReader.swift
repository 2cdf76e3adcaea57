import FluxCore
import Glibc
import LuaRuntime
internal import CReadlineShim

/// Lines from the user: through readline at a terminal, plain otherwise.
struct LineReader {
  enum Answer {
    case line(String)
    /// Ctrl-D, or the end of a file.
    case end
    /// Ctrl-C at the prompt.
    case cancelled
  }

  let isTerminal: Bool

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

  /// A further line of the same input; nil when there is none.
  func more(prompt: String) -> Answer? {
    let answer = line(prompt: prompt)
    if case .line = answer { return answer }
    return nil
  }

  /// Keeps an input for the arrow keys. In memory only.
  func remember(_ text: String) {
    if isTerminal { fx_add_history(text) }
  }

  private func plainLine() -> Answer {
    guard let text = readLine(strippingNewline: true) else { return .end }
    return .line(text)
  }
}
