import Foundation
import Testing

/// `Scripts/full_bridge.lua` on a small synthetic Earth.
@Suite("The full bridge's script")
struct BridgeScriptTests {
  @Test("it reports the default, the three refits and the experiment's bridge, their gap at the end of training, and redraws")
  func whole() throws {
    let folder = try SmallEarth.folder(as: "twin")
    let run = try ChildProgram([
      "\(SmallEarth.scripts)/full_bridge.lua", "--resolution", "6", "--years", "3", "--archive", "twin", "--train", "--folds", "2", "--epochs", "1",
      "--redraws", "3", "--region", "EU", "--json", "figures.json",
    ], patience: 900, in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let figures = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: folder.path + "/figures.json"))) as? [String: Any])
    for refit in ["default", "no probes", "debias", "none"] {
      let worst = try #require((figures[refit] as? [String: Any])?["worst_r2"] as? Double)
      #expect(worst >= 0.95, "\(refit): \(worst)")
    }
    let gap = try #require(figures["gap"] as? [String: [Double]])
    #expect(gap["ec"]?.count == 5 && gap["ec_atm"]?.count == 5)
    #expect(FileManager.default.fileExists(atPath: folder.path + "/twin/selection_frequency.nc"))
    #expect(run.output.contains("Bridge minus exact at the end of ec_atm"))
  }
}
