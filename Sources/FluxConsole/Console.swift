import FluxCore
import LuaRuntime

/// The plain console: reads, runs, prints, until Ctrl-D.
///
/// An input is tried as an expression, then as a statement; more is asked for
/// only when the syntax error is at the end of the input.
struct Console {
  private let session: LuaSession
  private let reader: LineReader

  init(_ session: LuaSession, isTerminal: Bool) {
    self.session = session
    reader = LineReader(isTerminal: isTerminal)
    if isTerminal { Completion.install(for: session) }
  }

  /// Gives the exit status: 0, whatever the inputs did.
  func run() -> Int32 {
    StandardStream.output.write("\(Program.banner)   help() explains, Ctrl-D ends\n")
    while true {
      switch reader.line(prompt: "> ") {
      case .end:
        StandardStream.output.write("\n")
        return 0
      case .cancelled: session.clearInterrupt()
      case .line(let line): answer(line)
      }
    }
  }

  /// Runs one input, which may grow by further lines.
  private func answer(_ first: String) {
    var text = first
    guard text.contains(where: { !$0.isWhitespace }) else { return }
    if text.hasPrefix("=") { text = "return " + text.dropFirst() }  // the habit of Lua 5.1
    while true {
      do {
        let chunk = try compile(text)
        reader.remember(text)
        _ = Program.report(prefix: "") { show(try chunk.call()) }
        return
      } catch let error as LuaError {
        if case .syntax(isIncomplete: true) = error.kind, case .line(let more)? = reader.more(prompt: ">> ") {
          text += "\n" + more
          continue
        }
        session.clearInterrupt()
        reader.remember(text)
        StandardStream.error.write("\(error)\n")
        return
      } catch {
        StandardStream.error.write("\(error)\n")
        return
      }
    }
  }

  private func compile(_ text: String) throws -> LuaFunction {
    if let expression = try? session.load("return " + text, name: "=stdin") { return expression }
    return try session.load(text, name: "=stdin")
  }

  private func show(_ values: [LuaValue]) {
    guard !values.isEmpty else { return }
    StandardStream.output.write(values.map { session.text($0, tree: true) }.joined(separator: "\t") + "\n")
  }
}
