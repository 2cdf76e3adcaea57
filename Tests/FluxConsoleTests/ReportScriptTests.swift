import FluxDocument
import FluxFigures
import Foundation
import Testing

/// A finished run as a page, and the paper's claims of it, on the small synthetic Earth.
@Suite("Reports and claims")
struct ReportScriptTests {
  /// A Python with html5lib: `.build/jupyter` of the package, or `FLUXBRIDGE_JUPYTER`.
  private static let python: String? = {
    let chosen = ProcessInfo.processInfo.environment["FLUXBRIDGE_JUPYTER"] ?? SmallEarth.scripts + "/../.build/jupyter"
    let path = chosen + "/bin/python"
    return (try? ChildProgram(["-c", "import html5lib"], program: path))?.status == 0 ? path : nil
  }()

  @Test("the experiment writes its figures and one page; the ledger reads the figures and judges every claim")
  func whole() throws {
    let folder = try SmallEarth.folder(as: "twin")
    let run = try ChildProgram([
      "\(SmallEarth.scripts)/dual_constraint.lua", "--resolution", "6", "--years", "3", "--folds", "2", "--epochs", "2", "--archive", "twin", "--json", "figures.json",
      "--report", "out", "--totals", "totals",
    ], patience: 900, in: folder.path)
    // Without GMT all is written too, and the report's call is an error.
    #expect(run.status == (GMTLibrary.version == nil ? 1 : 0), "\(run.errors)")
    let html = try String(contentsOfFile: folder.path + "/out/report.html", encoding: .utf8)
    for words in ["Table 2: monthly NEE, PgC month-1, by region, against the mean of 5 inversions", "against the hidden truth", "synthetic Earth, not observed", "xxh64:",
      "plan: seed", "What does a second constraint buy?", "Members"] { #expect(html.contains(words), "\(words)") }
    let figures = html.components(separatedBy: "<img ").count - 1
    #expect(figures == (GMTLibrary.version == nil ? 0 : 14), "\(figures) figures")
    if GMTLibrary.version != nil { #expect(!html.contains("A figure is missing here")) }
    #expect(html.utf8.count < 6_000_000, "\(html.utf8.count) bytes")
    if let python = Self.python {
      let check = try ChildProgram(["\(SmallEarth.scripts)/checks/report", "out/report.html"], program: python, patience: 300, in: folder.path)
      #expect(check.status == 0, "\(check.output)\n\(check.errors)")
    }

    let claims = try ChildProgram(["\(SmallEarth.scripts)/claims.lua", "figures.json", "--ledger", "ledger.json"], in: folder.path)
    #expect(claims.status == 0, "\(claims.errors)")
    let ledger = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: folder.path + "/ledger.json"))) as? [String: Any])
    let list = try #require(ledger["claims"] as? [[String: Any]])
    #expect(list.count == 18)
    for claim in list { #expect(["yes", "no", "not told"].contains(claim["holds"] as? String), "\(claim)") }
    // Printed by the paper, from its tables.
    #expect(list.contains { $0["paper"] as? String == "18 of 18" })
    #expect(list.contains { $0["paper"] as? String == "0.787 / -0.028" })
    #expect(claims.output.contains("holds: no") || claims.output.contains("holds: yes"))

    // A table of two years beside the run: sinks are positive into the land there, to the atmosphere here.
    let table = "Year,land-use change emissions,ocean sink,land sink\n2001,1.5,2,3.0\n2002,1.0,2,2.0\n"
    try table.write(toFile: folder.path + "/budget.csv", atomically: true, encoding: .utf8)
    let budget = try ChildProgram(["\(SmallEarth.scripts)/global_budget.lua", "budget.csv", "EC=totals/ec.nc", "--years", "2001-2003"], in: folder.path)
    #expect(budget.status == 0, "\(budget.errors)")
    let lines = budget.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(lines.contains { $0.starts(with: ["GCB", "net", "land", "2", "-1.25", "n/a"]) } && lines.contains { $0.starts(with: ["GCB", "land", "sink", "2", "-2.50", "n/a"]) }, "\(budget.output)")
    #expect(lines.contains { $0.starts(with: ["EC", "3"]) })

    let nothing = try ChildProgram(["\(SmallEarth.scripts)/claims.lua", "twin/made_with.txt"], in: folder.path)
    #expect(nothing.status == 1)
    let missing = try ChildProgram(["\(SmallEarth.scripts)/claims.lua", "nowhere.json"], in: folder.path)
    #expect(missing.status == 1 && missing.errors.contains("nowhere.json: No such file or directory") && !missing.errors.contains("traceback"), "\(missing.errors)")
  }

  @Test("a run of two minutes reports itself in one line; without GMT its call fails; the page tells, with its tables")
  func withoutGMT() throws {
    let folder = try SmallEarth.folder(as: "example", ["report.lua": """
      local world = require "example_world"
      dofile "own.lua"
      print(pcall(world.result.report, world.result, "page"))
      world.result:save("result.nc")
      print(pcall(function() return trainer.load("result.nc"):report("bare") end))
      print(6 * 7)
      world.result:report("page")
      """, "own.lua": "idea = 'of <one> line'"])
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/lib", withDestinationPath: SmallEarth.scripts + "/lib")
    let child = try ChildProgram(["report.lua"], environment: ["FLUXBRIDGE_WITHOUT": "libgmt"], patience: 300, in: folder.path)
    #expect(child.output.contains("page/report.html is written, and ") && child.output.contains("bare/report.html"))
    #expect(child.output.hasSuffix("\n42\n"), "the session goes on: \(child.output)")
    // Not caught, it is the script's end: what is written, how much of it is missing, why, and what to do.
    #expect(child.status == 1)
    for words in [
      "Result:report: page/report.html is written, and ", " figures of it could not be drawn; the first reason: fig",
      "(libgmt.so.6 is left out by FLUXBRIDGE_WITHOUT)", "apt-get install libgmt6", "Then report again",
    ] { #expect(child.errors.contains(words), "\(child.errors)") }
    let html = try String(contentsOfFile: folder.path + "/page/report.html", encoding: .utf8)
    #expect(html.contains(" figures are missing, each for the reason in its place. The first: "))
    #expect(html.contains("A figure is missing here"))
    #expect(html.contains("figures need GMT 6") && html.contains("Table 3: annual NEE"))
    // The script in full, what it loaded folded below, each with its hash.
    #expect(html.contains("Script, and the files that it loads") && html.contains("idea = 'of &lt;one&gt; line'"))
    for name in ["own.lua, xxh64:", "example_world.lua, xxh64:", "synthetic_earth.lua, xxh64:"] { #expect(html.contains(name), "\(name)") }
    #expect(html.contains("<details>") && html.contains("xxh64:") && html.contains(" files that were read"))
    #expect(!html.contains("9223372036854775807") && !html.contains("(a folder)"))
    #expect(html.contains("1 epoch is too few to tell whether the learned term weights had settled") || html.contains("<dt>plan: weighting</dt>"))
    let bare = try String(contentsOfFile: folder.path + "/bare/report.html", encoding: .utf8)
    #expect(bare.contains("Without drivers there are no totals") && bare.contains("Members"))
  }
}
