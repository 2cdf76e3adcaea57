import FluxCore
import Glibc
import LuaRuntime

/// The console: reads, runs, prints, until Ctrl-D.
///
/// An input is tried as an expression, then as a statement; more is asked for
/// only when the syntax error is at the end of the input.
package final class Console {
  package let session: LuaSession
  let reader: LineReader
  let output: TextStyle
  let errors: TextStyle
  /// The user asked to leave.
  package var isLeaving = false
  /// The error that `:locals` looks into.
  var lastError: LuaError?
  /// What `:load` ran last.
  var loadedFile: String?
  /// What a new session holds, which `:restore`, `:who` and `:reload` know.
  let baseline: SessionBaseline

  private var inputs: [String] = []
  /// How many inputs there were.
  package var inputCount: Int { inputs.count }
  private var heldResults: [Int] = []
  /// How many results `_1 …` hold: each may keep a large tensor alive.
  private static let mostResults = 20

  package init(_ session: LuaSession, _ baseline: SessionBaseline, isTerminal: Bool, output: TextStyle? = nil, errors: TextStyle? = nil) {
    self.session = session
    reader = LineReader(isTerminal: isTerminal)
    self.output = output ?? .of(STDOUT_FILENO)
    self.errors = errors ?? .of(STDERR_FILENO)
    self.baseline = baseline
    session.restoreAdvice = { ":restore \($0)" }
    session.warn = { [errors = self.errors] text in StandardStream.error.write(errors.faint("fluxbridge: \(text)") + "\n") }
  }

  package var values: ValueText { ValueText(session: session, width: reader.columns, style: output) }

  /// Gives the exit status: 0, whatever the inputs did.
  ///
  /// - Parameter initFile: run before the first prompt, when it is there.
  func run(initFile: String?) -> Int32 {
    let assistant = ConsoleAssistant(self)
    reader.prepare(assistant)
    print("\(Program.banner)   help() explains, :help lists commands, Ctrl-D ends")
    if let initFile, access(initFile, F_OK) == 0 { attempt { try session.loadFile(initFile).call() } }
    while !isLeaving {
      switch reader.line(prompt: output.prompt("\(inputs.count + 1)> ")) {
      case .end:
        StandardStream.output.write("\n")
        return 0
      case .cancelled: session.clearInterrupt()
      case .line(let line): answer(line)
      }
    }
    return 0
  }

  /// Runs one input, which may grow by further lines.
  private func answer(_ first: String) {
    var text = first
    while case .lua(let code) = InputText(text), InputChunk.isIncomplete(code, in: session) {
      switch reader.line(prompt: output.prompt(">> ")) {
      case .line(let more): text += "\n" + more
      case .cancelled:
        session.clearInterrupt()
        return
      case .end:  // let the error tell what is missing
        runInput(InputText(text), remembering: text)
        return
      }
    }
    runInput(InputText(text), remembering: text)
  }

  private func runInput(_ input: InputText, remembering text: String) {
    guard input != .nothing else { return }
    reader.remember(InputText.trimmed(text))
    attempt {
      let shown = try perform(input, text)
      if !shown.isEmpty { print(shown.map(values.full).joined(separator: "\t")) }
    }
  }

  /// Gives an input a number without running it.
  package func count(_ text: String) { inputs.append(text) }

  /// Runs one input and gives the values that it is to show; what it prints goes to the standard streams.
  ///
  /// - Parameter isCounted: the input gets a number, and its result is kept in `_`.
  /// - Throws: ``LuaError``; ``Interrupted``; ``FluxError`` of a command.
  package func perform(_ input: InputText, _ text: String, isCounted: Bool = true) throws -> [LuaValue] {
    if isCounted, input != .nothing { inputs.append(text) }
    switch input {
    case .nothing: break
    case .help(let topic): print(try helpText(topic))
    case .search(""): print(try helpText(""))
    case .search(let words): try session.run("apropos(...)", with: [words], name: "=[fluxbridge]")
    case .command(let name, let argument): try command(name)(self, argument)
    case .lua(let code):
      if isCounted { inputs[inputs.count - 1] = code }
      if ["quit", "exit", "quit()", "exit()"].contains(code), session.lookup([String(code.prefix(4))]).isNil {
        isLeaving = true
      } else {
        return try evaluate(code, number: isCounted ? inputs.count : nil)
      }
    }
    return []
  }

  private func evaluate(_ code: String, number: Int?) throws -> [LuaValue] {
    let chunk = try InputChunk(code, name: number.map { "input \($0)" } ?? "input", in: session)
    let results = try chunk.function.call()
    if let number, let first = results.first, !first.isNil { hold(first, number) }
    return chunk.isSilent ? [] : results
  }

  /// Keeps a result in `_` and `_n`, and lets go of the oldest.
  private func hold(_ value: LuaValue, _ number: Int) {
    session.set("_", value)
    session.set("_\(number)", value)
    heldResults.append(number)
    if heldResults.count > Self.mostResults { session.set("_\(heldResults.removeFirst())", LuaValue.nil) }
  }

  private func command(_ name: String) throws -> (Console, String) throws -> Void {
    let known = ConsoleCommand.all
    if let command = known.first(where: { $0.name == name }) { return command.run }
    let beginnings = known.filter { $0.name.hasPrefix(name) }
    if beginnings.count == 1 { return beginnings[0].run }
    throw FluxError(
      "no command ':\(name)'\(NearestName.hint(name, among: known.map(\.name)))", at: "console", remedy: ":help lists the commands.")
  }

  /// Runs `body` and tells its error; the session goes on.
  package func attempt(_ body: () throws -> Void) {
    do { try body() } catch is Interrupted {
      session.clearInterrupt()
      let place = session.interruptPlace
      let mark = reader.isTerminal ? "\n" : ""  // the terminal has written ^C
      tell(mark + errors.error(place.isEmpty ? "interrupted" : "interrupted at \(place)"))
    } catch let error as LuaError {
      tell(report(error))
    } catch {
      tell(errors.error("\(error)"))
    }
  }

  /// An error with the lines of the inputs that it is about; `:locals` will look into it.
  package func report(_ error: LuaError) -> String {
    if error.frames != nil { lastError = error }
    var report = ErrorReport()
    report.style = errors
    report.isBrief = true
    let last = inputs.last ?? ""
    if !last.contains("\n") { report.known = "input \(inputs.count)" }
    report.input = source
    return report.text(error)
  }

  /// The text of an input by its name in messages, `input 3`.
  func source(of name: String) -> String? {
    guard name.hasPrefix("input "), let number = Int(name.dropFirst(6)), inputs.indices.contains(number - 1) else { return nil }
    return inputs[number - 1]
  }

  func print(_ text: String) { StandardStream.output.write(text + "\n") }
  func tell(_ text: String) { StandardStream.error.write(text + "\n") }
}
