import Foundation
import Testing

/// `Scripts/climatology.lua` and `Scripts/real_dual.lua`: on made-up numbers in the layout of the real files, and on the real files where they lie beside the package.
@Suite("The scripts of the real mean year")
struct RealWorldScriptTests {
  private static let real: String? = ["/../../shared/data", "/../../../shared/data"].map { SmallEarth.scripts + $0 }
    .first { FileManager.default.fileExists(atPath: $0) }

  /// The water of half a million months takes minutes without optimisation.
  private static var isOptimised: Bool {
    #if DEBUG
      false
    #else
      true
    #endif
  }

  private func figures(_ folder: ScriptFolder) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/figures.json"))
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func band(_ figures: [String: Any], _ name: String) throws -> [String: Any] {
    try #require((figures["bands"] as? [String: [String: Any]])?[name])
  }

  @Test("towers that follow the sun give bands that follow it: corners, tenths and units of the files are read as they are meant")
  func madeUp() throws {
    let folder = try ScriptFolder(["empty.txt": ""])
    try MadeUpWorld.write(to: folder.path + "/world")
    let run = try ChildProgram([
      "\(SmallEarth.scripts)/climatology.lua", "world", "--step", "10", "--folds", "3", "--seeds", "1", "--epochs", "150", "--json", "figures.json", "--save", "map.nc",
    ], patience: 300, in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    for line in ["No interannual variability by construction", "net land flux including fires", "12 real towers, 144 site-months"] {
      #expect(run.output.contains(line), "\(line)")
    }
    let figures = try figures(folder)
    let r2 = try #require((figures["network"] as? [String: Any])?["r2"] as? Double)
    #expect(r2 > 0.5, "\(r2)")
    for name in ["23.5N-50N", "50N-90N", "90S-23.5S"] {
      let correlation = try #require(band(figures, name)["correlation"] as? Double)
      #expect(correlation > 0.9, "\(name): \(correlation)")
    }
    #expect(FileManager.default.fileExists(atPath: folder.path + "/map.nc"))
  }

  @Test("the second constraint brings the bands to the inversions, also to one that training has not seen, and tells what is assumed")
  func dual() throws {
    let folder = try ScriptFolder(["empty.txt": ""])
    try MadeUpWorld.write(to: folder.path + "/world")
    let run = try ChildProgram([
      "\(SmallEarth.scripts)/real_dual.lua", "world", "--step", "10", "--folds", "2", "--epochs", "80", "--json", "figures.json",
    ], patience: 300, in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    for line in ["Tower minus cell, monthly temperature", "net land flux including fires", "if fires were as assumed"] {
      #expect(run.output.contains(line), "\(line)")
    }
    let figures = try figures(folder)
    let members = try #require(figures["held_members"] as? [String: [String: Double]])
    let bands = try #require(figures["held_bands"] as? [String: [String: Double]])
    #expect(members.count == 5 && bands.count == 5)
    for (name, rmse) in members {
      let ec = try #require(rmse["ec"]), both = try #require(rmse["ec_atm"])
      #expect(both < ec, "\(name): \(both), towers alone \(ec)")
    }
  }

  @Test("on the real files, cells of 4°: the network beats the linear fit, the northern cycle is that of the inversions",
    .enabled(if: real != nil && isOptimised, "no real files beside the package, or a debug build"))
  func reality() throws {
    let data = try #require(Self.real), folder = try ScriptFolder(["empty.txt": ""])
    let run = try ChildProgram([
      "\(SmallEarth.scripts)/climatology.lua", data, "--step", "4", "--folds", "5", "--seeds", "1", "--epochs", "100", "--json", "figures.json",
    ], patience: 300, in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let figures = try figures(folder)
    let r2 = try #require((figures["network"] as? [String: Any])?["r2"] as? Double), land = try band(figures, "land")
    let linear = try #require((figures["linear"] as? [String: Any])?["r2"] as? Double)
    #expect(r2 > linear && linear > 0, "\(r2), linear \(linear)")
    #expect(try #require(band(figures, "50N-90N")["correlation"] as? Double) > 0.8)
    // The inversions' own figures do not depend on the model.
    let sink = try #require(land["annual_inversions"] as? Double)
    #expect(sink < -1 && sink > -4, "\(sink)")
  }
}
