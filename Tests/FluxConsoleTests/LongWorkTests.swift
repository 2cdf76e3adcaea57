import Foundation
import Testing

#if DEBUG
  private let isOptimised = false
#else
  private let isOptimised = true
#endif

/// Ctrl-C in the core's own loops, on a tiny synthetic Earth.
@Suite("Ctrl-C in long work", .serialized, .enabled(if: isOptimised, "takes minutes in a debug build"))
final class LongWorkTests {
  private let folder: ScriptFolder

  private static let setup = """
    local root = ...
    local function open(path, variable) return cube.open(root .. "/" .. path .. ".nc", variable) end
    local function base(name) return root .. "/drivers/" .. name .. ".nc" end
    function build()
      return drivers.build {
        evi = base "evi", fapar = base "fapar", ndvi = base "ndvi", ndwi = base "ndwi", band4 = base "band4", lst_day = base "lst_day",
        lst_night = base "lst_night", rg = base "rg", tair = base "tair", precip = base "precip", years = { 2003, 2004 },
      }
    end
    function read() return open("drivers/rg"):tensor():sum():item() end
    d = build()
    r = regions.reccap2(d.grid)
    function bridges() return bridge.regional { reference = open("reference/nee", "nee"), regions = r, drivers = d, candidates = 200, seed = 1 } end
    m = model.mlp { inputs = d.names, hidden = { 8 } }
    function train()
      local t = towers.open(root .. "/towers", { sites = root .. "/towers/sites.csv", qc = 0.75 }):attach(d)
      print "ready"
      return trainer.single { model = m, towers = t, drivers = d, folds = 2, epochs = 100000, terms = { ec = objective.mse() } }:train()
    end
    function again(f) print "ready" while true do f() end end
    """

  init() throws {
    folder = try ScriptFolder(["setup.lua": Self.setup])
    let made = try ChildProgram(
      ["-e", "twin.archive{ path = '\(folder.path)/twin', resolution = 10, years = {2003, 2004}, seed = 1 }"], patience: 300)
    try #require(made.status == 0, "\(made.errors)")
  }

  @Test("a driver build, a cube read, a bridge build, a matrix of distances and a training step stop, and what they used stays usable")
  func stops() throws {
    for (work, use, answer) in [
      ("again(build)", "#build().names", "10"), ("again(read)", "read() ~= nil", "true"),
      ("again(bridges)", "#d.names + #r", "28"),
      ("again(function() bridge.dtw(tensor.rand { 2000, 365 }, { window = 'none' }) end)",
        "bridge.dtw(tensor.rand { 3, 12 }).shape[1]", "3"),
      ("train()", "#m:integral(d, r).regions", "18"),
    ] {
      let input = "assert(loadfile('\(folder.path)/setup.lua'))('\(folder.path)/twin')\n\(work)\n\(use)\n'after'\n"
      let child = try ChildProgram(["-i"], input: input, interruptAfter: "ready", work: 0.5, patience: 120)
      #expect(child.status == 0)
      #expect(child.errors.contains("interrupted"), "\(work): \(child.errors)")
      let lines = child.output.split(separator: "\n")
      #expect(lines.suffix(2).map(String.init) == [answer, "after"], "\(work): \(child.output)")
    }
  }
}
