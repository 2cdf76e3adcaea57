import Testing

/// `Scripts/lib/options.lua`, which every script reads its command line with.
@Suite("Script options")
struct ScriptOptionsTests {
  static let script = """
    -- Tries things.
    --
    -- Use:  try.lua [--folds N]
    local o, rest = require "options" ({ folds = 5, full = false, bridge = "sparse", json = "" }, { folds = 2, bridge = { "sparse", "exact" } })
    print(o.folds, o.full, o.bridge, #rest)
    """

  private func run(_ words: [String]) throws -> ChildProgram {
    let folder = try ScriptFolder(["try.lua": Self.script])
    return try ChildProgram([folder.path + "/try.lua"] + words, environment: ["LUA_PATH": SmallEarth.scripts + "/lib/?.lua;;"])
  }

  @Test("given values take the type of their default, the others keep it; --help prints the opening comment", arguments: [
    ([], "5\tfalse\tsparse\t0\n"), (["--folds", "3", "--full"], "3\ttrue\tsparse\t0\n"), (["--bridge", "exact"], "5\tfalse\texact\t0\n"),
    (["--help"], "Tries things.\n\nUse:  try.lua [--folds N]\n"),
  ])
  func right(_ words: [String], _ expected: String) throws {
    let child = try run(words)
    #expect(child.status == 0 && child.output == expected, "\(child.output)\(child.errors)")
  }

  @Test("what is wrong is named on one line, with status 2, before anything is done", arguments: [
    (["--fold", "3"], "unknown option --fold"), (["--folds"], "--folds wants a value"), (["--folds", "many"], "--folds wants a number, not 'many'"),
    (["--folds", "1"], "--folds 1: wants at least 2"), (["--folds", "2.5"], "--folds 2.5: wants a whole number"),
    (["--bridge", "none"], "--bridge none: wants sparse or exact"), (["stray"], "unexpected 'stray'"),
    (["--json", "/dev/null/a.json"], "--json cannot be written"),
  ])
  func wrong(_ words: [String], _ message: String) throws {
    let child = try run(words)
    #expect(child.status == 2 && child.output.isEmpty && child.errors.contains(message), "\(child.output)\(child.errors)")
  }
}
