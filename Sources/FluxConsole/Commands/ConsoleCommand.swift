/// A command of the console: `:name argument`.
struct ConsoleCommand: Sendable {
  let name: String
  /// What stands after the name, for `:help`.
  let usage: String
  let summary: String
  /// What Tab offers for the argument.
  let completes: Argument
  let run: @Sendable (Console, String) throws -> Void

  enum Argument: Sendable { case nothing, expression, file, hiddenName, command }

  /// **The list to add a command to**, in the order of `:help`.
  static let all: [ConsoleCommand] = [
    ConsoleCommand(
      name: "help", usage: "", summary: "this list; ?x or help(x) explains x, ??words searches", completes: .command
    ) { console, _ in console.listCommands() },
    ConsoleCommand(
      name: "time", usage: "expression", summary: "median time of repeats, and the memory that one run allocates", completes: .expression
    ) { try $0.time($1) },
    ConsoleCommand(name: "who", usage: "", summary: "your variables: type, shape, dtype, unit, bytes", completes: .nothing) { console, _ in
      try console.who()
    },
    ConsoleCommand(
      name: "grad", usage: "f x …", summary: "checks the gradient of f at x against differences", completes: .expression
    ) { try $0.checkGradient($1) },
    ConsoleCommand(
      name: "locals", usage: "[frame]", summary: "the variables where the last error was raised", completes: .nothing
    ) { try $0.locals($1) },
    ConsoleCommand(name: "load", usage: "file.lua", summary: "runs a file here", completes: .file) { try $0.load($1) },
    ConsoleCommand(
      name: "reload", usage: "", summary: "runs that file again, and afresh what it requires", completes: .nothing
    ) { console, _ in try console.reload() },
    ConsoleCommand(
      name: "restore", usage: "[name]", summary: "brings back a hidden global of the library; without a name, all", completes: .hiddenName
    ) { try $0.restore($1) },
    ConsoleCommand(name: "history", usage: "[word]", summary: "earlier inputs with this word; Ctrl-R searches too", completes: .nothing) {
      $0.listHistory($1)
    },
    ConsoleCommand(name: "quit", usage: "", summary: "leaves; so does Ctrl-D", completes: .nothing) { console, _ in
      console.isLeaving = true
    },
  ]
}
