import FluxConsole
import FluxCore
import Glibc
import LuaRuntime

/// `fluxbridge kernel …`.
public enum KernelCommand {
  public static let command = ProgramCommand(
    name: "kernel",
    usage: [
      ("kernel install [--user|--prefix DIR|--sys-prefix]", "the Jupyter kernel: installs it, starts it once, tells what it saw"),
      ("kernel remove [the same]", "takes it away"),
      ("kernel start -f FILE", "starts it, as Jupyter does"),
    ], run: run)

  /// What `doctor` reports.
  public static let rows = [
    Doctor.Row("ZeroMQ", remedy: "sudo apt install libzmq5 (for notebooks)") { try ZeroMQTrial.message() },
    Doctor.Row("Jupyter kernel") {
      let found = KernelFolders.all().map { KernelSpecification(folder: KernelFolders.kernel(under: $0)) }.filter(\.isThere)
      guard let first = found.first else { return "not installed; fluxbridge kernel install" }
      guard let program = try? first.arguments().first else { return "\(first.folder) is damaged; fluxbridge kernel install" }
      return access(program, X_OK) == 0 ? first.folder : "\(first.folder) names \(program), which is gone; fluxbridge kernel install"
    },
  ]

  private static let help = """
    usage: fluxbridge kernel install [--user | --prefix DIR | --sys-prefix]
           fluxbridge kernel remove  [the same]
           fluxbridge kernel start -f FILE
      install        writes the kernel for Jupyter, starts it once, and tells what it saw
      remove         takes it away
      start -f FILE  starts it, as Jupyter does; FILE tells ports and key
      --user         under ~/.local/share/jupyter, the default (also JUPYTER_DATA_DIR, XDG_DATA_HOME)
      --prefix DIR   under DIR/share/jupyter
      --sys-prefix   for the active Python environment: VIRTUAL_ENV, CONDA_PREFIX, or python3 on PATH
      --help         this text
    FLUXBRIDGE_OUTPUT_RATE: bytes a second that a cell may print, as the front end's iopub_data_rate_limit (default 1000000; 0: no limit)
    Stop ends Lua, training and the program's own work within 300 ms, and programs that os.execute runs (2 s where they will not). One call of a C library ends by
    itself: a pattern such as ("a"):rep(40):find(("a?"):rep(40) .. ("a"):rep(40)) cannot be stopped, only the kernel be restarted.
    Exit status: 0; 1 an error; 2 wrong usage.

    """

  private static func run(_ words: [String]) -> Int32 {
    if words.contains("--help") || words.contains("-h") {
      StandardStream.output.write(help)
      return 0
    }
    do {
      switch words.first {
      case "start": return try start(Array(words.dropFirst()))
      case "install":
        let specification = try specification(Array(words.dropFirst()), "install")
        return Program.report { try install(specification) }
      case "remove":
        let specification = try specification(Array(words.dropFirst()), "remove")
        return Program.report {
          let wasThere = try specification.remove()
          StandardStream.output.write(wasThere ? "removed \(specification.folder)\n" : "there is no kernel in \(specification.folder)\n")
        }
      case let word:
        throw FluxError(
          word.map { "kernel has no '\($0)'\(NearestName.hint($0, among: ["install", "start", "remove"]))" } ?? "kernel needs another word",
          at: "fluxbridge", expected: "fluxbridge kernel install, start or remove", remedy: "fluxbridge kernel --help tells more.")
      }
    } catch {
      StandardStream.error.write("\(error)\n")
      return 2
    }
  }

  private static func start(_ words: [String]) throws -> Int32 {
    guard words.count == 2, words[0] == "-f" else {
      throw FluxError("kernel start got '\(words.joined(separator: " "))'", at: "fluxbridge", expected: "fluxbridge kernel start -f CONNECTION_FILE")
    }
    let kernel: Kernel
    do { kernel = try Kernel(connectionFile: words[1]) } catch {
      StandardStream.error.write("fluxbridge: \(error)\n")
      return 1
    }
    return kernel.run()
  }

  /// The place that the options name; the user's own without any.
  private static func specification(_ words: [String], _ command: String) throws -> KernelSpecification {
    let data: String
    switch (words.first, words.count) {
    case (nil, _), ("--user", 1): data = try KernelFolders.user()
    case ("--sys-prefix", 1): data = try KernelFolders.systemPrefix() + "/share/jupyter"
    case ("--prefix", 2): data = try absolute(words[1]) + "/share/jupyter"
    case (let word?, 1) where word.hasPrefix("--prefix="): data = try absolute(String(word.dropFirst("--prefix=".count))) + "/share/jupyter"
    default:
      throw FluxError(
        "kernel \(command) got '\(words.joined(separator: " "))'", at: "fluxbridge", expected: "--user, --prefix DIR or --sys-prefix")
    }
    return KernelSpecification(folder: KernelFolders.kernel(under: data))
  }

  private static func absolute(_ path: String) throws -> String {
    guard !path.isEmpty else { throw FluxError("--prefix is empty", at: "fluxbridge", expected: "a folder") }
    if path.hasPrefix("/") { return path }
    guard let here = getcwd(nil, 0) else { throw FluxError(String(cString: strerror(errno)), at: "kernel") }
    defer { free(here) }
    return "\(String(cString: here))/\(path)"
  }

  private static func install(_ specification: KernelSpecification) throws {
    let wasThere = specification.isThere
    try specification.write()
    StandardStream.output.write("wrote \(specification.folder)/kernel.json for \(try KernelSpecification.program())\n")
    let trial: KernelTrial
    do { trial = try KernelTrial(specification) } catch {
      // Front ends would offer a kernel that does not start.
      if !wasThere, try specification.remove() { StandardStream.output.write("took it away again: it does not start\n") }
      throw error
    }
    StandardStream.output.write(
      "started it and asked \(KernelTrial.cell): \(trial.implementation) answered \(trial.result) after \(Int(trial.seconds * 1000)) ms\n")
    if let hint = pathHint(specification) { StandardStream.output.write(hint + "\n") }
  }

  /// A folder that Jupyter looks into only when it is told to.
  private static func pathHint(_ specification: KernelSpecification) -> String? {
    let data = specification.folder.dropLast("/kernels/fluxbridge".count)
    guard !KernelFolders.all().contains(String(data)) else { return nil }
    return "Jupyter of another Python finds it with: export JUPYTER_PATH=\(data)"
  }
}
