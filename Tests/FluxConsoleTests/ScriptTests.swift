import FluxFigures
import Foundation
import Testing

/// The scripts that the README shows, run whole on a tiny Earth.
@Suite("Scripts", .serialized)
struct ScriptTests {
  private static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Scripts").path
  private let folder: ScriptFolder

  init() throws { folder = try ScriptFolder(["empty.txt": ""]) }

  private func figures(_ name: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(name)"))
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test("the experiment runs from archive to verdict, the scripted term gives the built-in term's numbers, and real_towers reads the same towers")
  func experiment() throws {
    let small = ["--resolution", "6", "--years", "3", "--folds", "2", "--epochs", "1", "--archive", "\(folder.path)/twin"]
    for (term, json) in [("builtin", "a.json"), ("scripted", "b.json")] {
      let run = try ChildProgram(["\(Self.scripts)/dual_constraint.lua"] + small + ["--term", term, "--json", "\(folder.path)/\(json)"], patience: 300)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("(f) RMSE against the towers' true flux"))
    }
    let a = try figures("a.json"), b = try figures("b.json")
    for run in ["truth", "ec", "ec_offset", "ec_atm", "inversions"] {
      let scores = try #require(a[run] as? [String: Any])
      for key in ["global_nee", "tropical_nee", "monthly_rmse", "monthly_rmse_demeaned", "annual_rmse", "regional_annual_rmse", "pixel_rmse",
        "pixel_rmse_tropics", "pixel_rmse_extratropics"] { #expect(scores[key] != nil, "\(run).\(key)") }
      #expect(NSDictionary(dictionary: scores) == NSDictionary(dictionary: try #require(b[run] as? [String: Any])))
    }
    for key in ["tower_rmse_oof", "tower_rmse_all", "tower_truth_rmse"] { #expect((a["ec_atm"] as? [String: Any])?[key] != nil) }
    for key in ["weights_converged", "seconds", "peak_rss_mib"] { #expect(a[key] != nil) }

    let towers = "\(folder.path)/twin/towers"
    let real = ["\(Self.scripts)/real_towers.lua", towers, "\(towers)/sites.csv"]
    let trained = try ChildProgram(real + ["--qc", "0.75", "--seeds", "1", "--folds", "2", "--members", "1", "--epochs", "1",
      "--save", "\(folder.path)/model.nc", "--json", "\(folder.path)/c.json"] + (GMTLibrary.version == nil ? [] : ["--figures", "\(folder.path)/looks"]), patience: 120)
    #expect(trained.status == 0, "\(trained.errors)")
    if GMTLibrary.version != nil {
      for name in ["scatter.png", "classes.png", "rmse_by_site.png", "by_class.csv", "by_site.csv"] {
        #expect(FileManager.default.fileExists(atPath: "\(folder.path)/looks/\(name)"), "\(name)")
      }
    }
    let c = try figures("c.json")
    for key in ["r2", "rmse", "linear_rmse"] { #expect(c[key] is Double) }
    let applied = try ChildProgram(real + ["--apply", "\(folder.path)/model.nc"], patience: 60)
    #expect(applied.status == 0 && applied.output.contains("network"), "\(applied.errors)")
  }

  @Test("a wrong option ends with status 2 and lists the valid ones")
  func wrongOption() throws {
    let run = try ChildProgram(["\(Self.scripts)/dual_constraint.lua", "--sed", "2"])
    #expect(run.status == 2 && run.errors.contains("unknown option --sed") && run.errors.contains("--seed"))
  }
}
