import FluxCore

/// What the user typed after `fluxbridge`, in the grammar of `lua`: options
/// before the script are ours, everything after it is the script's.
struct ProgramArguments {
  enum Step: Equatable {
    case execute(String)   // -e
    case require(String)   // -l
  }

  var steps: [Step] = []
  var script: String?
  /// What `arg[1]…` are.
  var scriptArguments: [String] = []
  /// The index of the script in the whole command line: `arg[0]`.
  var scriptIndex = 0
  var isInteractive = false
  var showsVersion = false
  var showsHelp = false
  var isStrict = false
  var skipsInitFile = false
  var threads: Int?

  /// - Throws: ``FluxError`` for wrong usage; the program then ends with 2.
  init(_ words: [String]) throws {
    var i = 1
    func value(of option: String) throws -> String {
      i += 1
      guard i < words.count else {
        throw FluxError("option '\(option)' needs a value", at: "fluxbridge", remedy: "fluxbridge --help lists the options.")
      }
      return words[i]
    }
    while i < words.count {
      let word = words[i]
      guard word.hasPrefix("-"), word != "-", word != "--" else { break }
      switch word {
      case "-e": steps.append(.execute(try value(of: word)))
      case "-l": steps.append(.require(try value(of: word)))
      case "-i": isInteractive = true
      case "-v", "--version": showsVersion = true
      case "-h", "--help": showsHelp = true
      case "--strict": isStrict = true
      case "--no-init": skipsInitFile = true
      case "--threads": threads = try Self.count(value(of: word))
      default:
        if word.hasPrefix("--threads=") {
          threads = try Self.count(String(word.dropFirst("--threads=".count)))
        } else if word.hasPrefix("-e"), !word.hasPrefix("--") {
          steps.append(.execute(String(word.dropFirst(2))))
        } else if word.hasPrefix("-l"), !word.hasPrefix("--") {
          steps.append(.require(String(word.dropFirst(2))))
        } else {
          let known = ["-e", "-l", "-i", "-v", "-h", "--help", "--version", "--strict", "--no-init", "--threads"]
          throw FluxError(
            "unknown option '\(word)'\(NearestName.hint(word, among: known))", at: "fluxbridge",
            remedy: "fluxbridge --help lists the options.")
        }
      }
      i += 1
    }
    if i < words.count, words[i] == "--" { i += 1 }
    guard i < words.count else { return }
    script = words[i]
    scriptIndex = i
    scriptArguments = Array(words[(i + 1)...])
  }

  private static func count(_ text: String) throws -> Int {
    guard let count = Int(text), count >= 1 else {
      throw FluxError("--threads is '\(text)'", at: "fluxbridge", expected: "a whole number of at least 1")
    }
    return count
  }

  static func help(_ commands: [ProgramCommand]) -> String {
    let lines = commands.flatMap(\.usage).map { "  \($0.words)\(String(repeating: " ", count: max(2, 15 - $0.words.count)))\($0.summary)\n" }
    return help + lines.joined() + ending
  }

  private static let help = """
    usage: fluxbridge [options] [script.lua [arguments]]
      -e CODE        run CODE
      -l MODULE      require MODULE
      -i             the console, after the script
      -v, --version  the version
      -              run standard input
      --             end of our options
      --threads N    how many threads work (default: all cores; also FLUXBRIDGE_THREADS)
      --strict       reading a global that is not set is an error
      --no-init      the console without ~/.config/fluxbridge/init.lua
      --help         this text
    commands, in place of a script:
      doctor         versions of every library, instruction set, threads, memory
      stubs DIR      write stubs (LuaCATS) for an editor into DIR
      reference DIR  write the reference (Markdown) into DIR

    """
  private static let ending = """
    Without arguments, the console. Exit status: 0; 1 error in the script; 2 wrong usage; 130 interrupted.

    """
}
