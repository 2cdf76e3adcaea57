import Foundation
import Testing

/// `Scripts/objectives/`: each variant trains on a small synthetic Earth by the one command that the README gives.
@Suite("Objective variants")
struct ObjectiveScriptTests {
  @Test("each trains and is judged; the paper's term in Lua gives the built-in term's figures, the others differ from it")
  func variants() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: SmallEarth.scripts + "/objectives")
      .filter { $0.hasSuffix(".lua") }.map { String($0.dropLast(4)) }.sorted()
    #expect(names == ["global_annual", "huber", "humid_tropics", "regional_norm", "seasonal_amplitude", "trend"])
    let folder = try SmallEarth.folder(as: "twin")
    let run = try ChildProgram(["\(SmallEarth.scripts)/compare_objectives.lua"] + names + [
      "--resolution", "6", "--years", "3", "--folds", "2", "--epochs", "2", "--steps", "8", "--archive", "twin", "--json", "figures.json",
    ], patience: 900, in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/figures.json"))
    let figures = try #require(JSONSerialization.jsonObject(with: data) as? [String: [String: Any]])
    let paper = try #require(figures["paper"]?["global_nee"] as? Double)
    for name in names {
      let nee = try #require(figures[name]?["global_nee"] as? Double)
      #expect((nee == paper) == (name == "regional_norm"), "\(name): \(nee), the paper's terms: \(paper)")
      #expect(figures[name]?["tower_rmse_oof"] is Double && run.output.contains("\n\(name) "), "\(name)")
    }
  }

  @Test("their values in a training step are those of plain loops over the same numbers")
  func values() throws {
    let folder = try SmallEarth.folder(as: "twin")
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("objective_values.lua").path
    let run = try ChildProgram([script, "twin"], patience: 300, in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    var seen: Set<String> = []
    for line in run.output.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 3, let value = Double(words[1]), let plain = Double(words[2]) else { continue }
      seen.insert(String(words[0]))
      // Sums of float32 in another order.
      #expect(plain != 0 && abs(value - plain) < 2e-5 * abs(plain), "\(line)")
    }
    #expect(seen == ["huber", "global_annual", "trend", "seasonal_amplitude", "humid_tropics"])
  }

  @Test("the benchmark of a scripted term compares it with the built-in one step by step, values to 1e-6")
  func benchmark() throws {
    let folder = try SmallEarth.folder(as: "twin")
    let run = try ChildProgram(["\(SmallEarth.scripts)/benchmarks/scripted_term.lua", "--pairs", "3", "--candidates", "60", "--archive", "twin", "--json", "out.json"],
      patience: 600, in: folder.path)
    #expect(run.status == 0 && run.output.contains("median ratio"), "\(run.errors)")
    let json = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: folder.path + "/out.json"))) as? [String: Any])
    #expect(json["pairs"] as? Int == 3 && (json["largest_relative_error"] as? Double ?? 1) < 1e-6)
  }

  @Test("a slip in a name is told before anything is trained")
  func slip() throws {
    let run = try ChildProgram(["\(SmallEarth.scripts)/compare_objectives.lua", "huber", "hubre"])
    #expect(run.status == 1 && run.errors.contains("objectives.hubre"), "\(run.errors)")
  }
}
