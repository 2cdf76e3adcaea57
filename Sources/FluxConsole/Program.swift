import FluxCore
import FluxLua
import Glibc
import LuaRuntime

/// The program `fluxbridge`: command line, session, exit status.
public enum Program {
  /// Runs it all and gives the exit status: 0; 1 error in the script; 2 wrong usage; 130 interrupted.
  ///
  /// - Parameters:
  ///   - words: the command line, the program's name first.
  ///   - commands: what stands beside `doctor` and the others, from layers that this one does not know.
  ///   - rows: what `doctor` reports about them.
  public static func run(_ words: [String], commands: [ProgramCommand] = [], rows: [Doctor.Row] = []) -> Int32 {
    let arguments: ProgramArguments
    do { arguments = try ProgramArguments(words) } catch {
      StandardStream.error.write("\(error)\n")
      return 2
    }
    if arguments.showsHelp {
      StandardStream.output.write(ProgramArguments.help(commands))
      return 0
    }
    for line in EnvironmentWords.warnings() { StandardStream.error.write("fluxbridge: \(line)\n") }
    if let threads = arguments.threads { ThreadPool.setThreadCount(threads) }
    if arguments.steps.isEmpty, let command = commands.first(where: { $0.name == arguments.script }) {
      return command.run(arguments.scriptArguments)
    }
    switch arguments.script {
    case "doctor" where arguments.steps.isEmpty: return Doctor.run(Doctor.rows + rows)
    case "stubs" where arguments.steps.isEmpty: return write("stubs", arguments.scriptArguments, StubWriter.write)
    case "reference" where arguments.steps.isEmpty: return write("reference", arguments.scriptArguments, ReferenceWriter.write)
    default: return runScript(arguments, words, commands.map(\.name))
    }
  }

  private static func runScript(_ arguments: ProgramArguments, _ words: [String], _ commands: [String]) -> Int32 {
    if arguments.showsVersion { StandardStream.output.write(banner + "\n") }
    let hasWork = arguments.script != nil || !arguments.steps.isEmpty
    let isTerminal = isatty(STDIN_FILENO) == 1
    if arguments.showsVersion, !hasWork, !arguments.isInteractive { return 0 }
    let session = FluxLibrary.session()
    session.catchInterrupts()
    let isConsole = arguments.isInteractive || (!hasWork && isTerminal)
    let baseline = isConsole ? SessionBaseline(session) : nil
    if isConsole { session.keepLocals() }
    var lastError: LuaError?
    if arguments.isStrict { session.beStrict() }
    ScriptPath.prepare(session, script: arguments.script)
    Provenance.setProgram("fluxbridge \(FluxVersion.text)")
    if let script = arguments.script, script != "-" { Provenance.setScript(script) }
    session.set("arg", argumentTable(arguments, words))
    session.scriptPath = arguments.script
    let status = report(session) {
      do {
        try execute(arguments, in: session, readsInput: !hasWork && !arguments.isInteractive && !isTerminal, commands)
      } catch let error as LuaError {
        lastError = error
        throw error
      }
    }
    if let baseline {
      let console = Console(session, baseline, isTerminal: isTerminal)
      console.lastError = lastError
      return console.run(initFile: arguments.skipsInitFile ? nil : UserFiles.initFile)
    }
    return status == 0 && session.wasInterrupted ? 130 : status
  }

  /// What the command line asks for, in its order.
  private static func execute(_ arguments: ProgramArguments, in session: LuaSession, readsInput: Bool, _ commands: [String]) throws {
    for step in arguments.steps {
      switch step {
      case .execute(let code): try session.run(code, name: "=(command line)")
      case .require(let name): try session.run("local name = ...; _G[name] = require(name)", with: [name], name: "=(command line)")
      }
    }
    if let script = arguments.script {
      try load(script, in: session, commands).call(list: arguments.scriptArguments)
    } else if readsInput {
      try session.loadFile(nil).call()
    }
  }

  /// Compiles the script; a word that is no file may be a slip in a command's name.
  private static func load(_ script: String, in session: LuaSession, _ commands: [String]) throws -> LuaFunction {
    do {
      return try session.loadFile(script == "-" ? nil : script)
    } catch let error as LuaError {
      guard case .other = error.kind, !script.contains("."), !script.contains("/") else { throw error }
      throw LuaError(kind: .other, error.message + NearestName.hint(script, among: ["doctor", "stubs", "reference"] + commands))
    }
  }

  package static var banner: String { "Fluxbridge \(FluxVersion.text), \(LuaSession.luaVersion)" }

  /// `arg`: the script at 0, its arguments after it, ours before it, as lua does.
  private static func argumentTable(_ arguments: ProgramArguments, _ words: [String]) -> LuaIndexedTable {
    let zero = arguments.script == nil ? 0 : arguments.scriptIndex
    return LuaIndexedTable(words.indices.map { ($0 - zero, words[$0]) })
  }

  /// Runs `body`; prints its error on standard error and gives the exit status.
  package static func report(_ session: LuaSession? = nil, _ body: () throws -> Void) -> Int32 {
    let prefix = "fluxbridge: ", style = TextStyle.of(STDERR_FILENO)
    do {
      try body()
      return 0
    } catch is Interrupted {
      let place = session?.interruptPlace ?? ""
      StandardStream.error.write("\(prefix)interrupted\(place.isEmpty ? "" : " at \(place)")\n")
      return 130
    } catch let error as LuaError {
      StandardStream.error.write("\(prefix)\(ErrorReport(style: style).text(error))\n")
      return 1
    } catch {
      StandardStream.error.write("\(prefix)\(error)\n")
      return 1
    }
  }

  /// `fluxbridge stubs DIR`, `fluxbridge reference DIR`.
  private static func write(_ command: String, _ words: [String], _ files: (String) throws -> [String]) -> Int32 {
    guard words.count == 1, !words[0].hasPrefix("-") else {
      StandardStream.error.write("fluxbridge: \(command) takes one folder; expected fluxbridge \(command) DIR.\n")
      return 2
    }
    return report {
      let files = try files(words[0])
      StandardStream.output.write("wrote \(files.count) files to \(words[0]): \(files.joined(separator: ", "))\n")
    }
  }
}
