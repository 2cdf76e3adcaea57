import FluxCore
import FluxModels
import FluxObjective
@testable import FluxTraining
import Foundation
import TestSupport
import Testing

/// Results on disk, sweeps, and the log of a run.
@Suite("Results and sweeps", .serialized)
struct RunFileTests {
  private final class Folder {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("fluxbridge-\(UUID().uuidString)").path
    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }
    func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")) }
  }

  private func plan() throws -> TrainingPlan {
    var plan = try BiasedWorld().plan()
    plan.epochs = 2
    return plan
  }

  /// All that a result holds, in comparable pieces.
  private func pieces(_ r: TrainingResult) -> [String] {
    var list = [r.sites.joined(separator: " "), "\(r.expected)"]
    for v in r.variants { list.append(v.name + v.terms.joined(separator: " ")) }
    for f in r.foldsBySeed { list.append("\(f.seed) \(f.folds)") }
    for m in r.members {
      list.append("\(m.variant) \(m.fold) \(m.seed) \(m.replicate) \(m.epoch) \(m.steps) \(m.heldOutYears) \(m.weightsConverged)")
      list.append("\(m.model.weights) \(m.model.archive)")
    }
    for e in r.records {
      list.append("\(e.variant) \(e.fold) \(e.seed) \(e.replicate) \(e.epoch) \(e.score) \(e.weights)")
      for (term, loss) in e.train + e.valid { list.append("\(term) \(loss)") }
    }
    return list
  }

  private func same(_ a: TrainingResult, _ b: TrainingResult) -> Bool { pieces(a) == pieces(b) }

  @Test("a result that is saved and loaded is the same, settings included, and predicts the same at towers")
  func roundTrip() throws {
    let folder = try Folder(), plan = try plan(), result = try Trainer(plan).train(), path = folder.path + "/result.nc"
    try RunFile.save(result, to: path)
    let again = try RunFile.load(path)
    #expect(same(result, again))
    let settings = try again.settings()
    #expect(settings.first { $0.name == "seed" }?.value == "1" && settings.first { $0.name == "towers" }?.value.contains("hash") == true)
    #expect(settings.contains { $0.name == "program" })
    for variant in ["ec", "ec_atm"] {
      let own = try OutOfFold.predict(result.members(of: variant), plan.samples, plan.folds, outOfFold: true)
      #expect(try OutOfFold.predict(again, variant: variant, plan.samples, outOfFold: true) == own)
    }
    try RunFile.save(again, to: folder.path + "/again.nc")
    #expect(try RunFile.load(folder.path + "/again.nc").members.count == 6)
  }

  @Test("equal runs on one and two threads give equal files")
  func equalFiles() throws {
    let folder = try Folder(), plan = try plan()
    for threads in [1, 2] {
      let result = try ThreadPool.withThreadCount(threads) { try Trainer(plan).train() }
      try RunFile.save(result, to: folder.path + "/\(threads).nc")
    }
    #expect(try folder.bytes("1.nc") == folder.bytes("2.nc"))
  }

  @Test("a damaged file, a checkpoint and a file of something else are refused by name")
  func refused() throws {
    let folder = try Folder(), path = folder.path + "/result.nc"
    let trainer = Trainer(try plan())
    trainer.checkpoint = Checkpointing(path: folder.path + "/run.nc")
    try RunFile.save(trainer.train(), to: path)
    var bytes = try folder.bytes("result.nc")
    let weight = Data(bytes: [try RunFile.load(path).members[0].model.weights[5]], count: 8)
    let place = try #require(bytes.range(of: weight)).lowerBound
    bytes[place] ^= 1
    let reasons = ["its contents have hash", "probably truncated or damaged", "Unknown file format"]
    for (broken, reason) in zip([bytes, bytes.prefix(bytes.count / 2), Data("nothing".utf8)], reasons) {
      try Data(broken).write(to: URL(fileURLWithPath: folder.path + "/broken.nc"))
      expectRefusal("/broken.nc: ", reason) { try RunFile.load(folder.path + "/broken.nc") }
    }
    expectRefusal("no training result", "checkpoint") { try RunFile.load(folder.path + "/run.nc") }
  }

  private func sweep(_ folder: Folder?) throws -> Trainer {
    var cells: [Trainer.Cell] = []
    for (name, terms) in [("both", ["ec", "atm"]), ("towers", ["ec"])] {
      for seed in [1, 2] as [UInt64] {
        for replicate in 0..<2 {
          var plan = try plan()
          (plan.variants, plan.seed, plan.replicate) = ([.init(name, terms: terms)], seed, replicate)
          if name == "towers" { plan.model = try MultilayerPerceptron(inputs: ["x", "y"], hidden: [4]) }
          cells.append(.init(plan, checkpoint: folder.map { Checkpointing(path: "\($0.path)/\(name)-\(seed)-\(replicate).nc", interval: 0) }))
        }
      }
    }
    return Trainer(cells)
  }

  @Test("a sweep's members are those of its plans trained alone; replicates and seeds differ; it is saved and loaded whole")
  func sweeps() throws {
    let folder = try Folder(), sweep = try sweep(nil)
    #expect(ThreadPool.withThreadCount(2) { sweep.isParallel } && !ThreadPool.withThreadCount(1) { sweep.isParallel })
    let result = try ThreadPool.withThreadCount(2) { try sweep.train() }
    let serial = try ThreadPool.withThreadCount(1) { try sweep.train() }
    #expect(same(result, serial))
    #expect(result.members.count == 24 && result.expected == 24 && result.records.count == 48)
    var alone: [[Double]] = []
    for cell in sweep.cells { alone += try Trainer(cell.plan).train().members.map(\.model.weights) }
    #expect(result.members.map(\.model.weights) == alone)
    #expect(Set(alone).count == 24)
    try RunFile.save(result, to: folder.path + "/sweep.nc")
    let again = try RunFile.load(folder.path + "/sweep.nc")
    #expect(same(result, again))
    let table = ResultTable.of(result)
    #expect(table.rows.count == 4 && table.scores["both"]?["seed 2"]?["members"] == 6 && table.scores["towers"]?["seed 1"]?["atm"] == nil)
    let nee = try OutOfFold.predict(result, variant: "both", sweep.cells[0].plan.samples, outOfFold: true)
    #expect(nee.count == sweep.cells[0].plan.samples.count && nee.allSatisfy(\.isFinite))
  }

  @Test("a sweep that is stopped goes on from its files and ends the same")
  func resumed() throws {
    struct Stopped: Error {}
    let folder = try Folder(), expected = try sweep(nil).train(), first = try sweep(folder)
    var epochs = 0
    first.onEpoch = { _, model in
      epochs += 1
      if epochs == 17 { throw Stopped() }
    }
    #expect(throws: Stopped.self) { try first.train() }
    let second = try sweep(folder)
    var left = 0
    second.onEpoch = { _, _ in left += 1 }
    let result = try second.train()
    #expect(same(result, expected) && left == 48 - 17)
  }

  @Test("the log has a line of JSON for the start, each epoch, each member and the end; a failure is told; it cannot be opened in no folder")
  func log() throws {
    let folder = try Folder(), path = folder.path + "/run.jsonl", trainer = Trainer(try plan())
    trainer.log = try RunLog(path: path)
    _ = try trainer.train()
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
      try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    let events = lines.map { $0["event"] as? String ?? "" }
    #expect(events.first == "start" && events.last == "end" && events.filter { $0 == "epoch" }.count == 12 && events.filter { $0 == "member" }.count == 6)
    let epoch = try #require(lines.first { $0["event"] as? String == "epoch" && $0["variant"] as? String == "ec_atm" })
    #expect((epoch["train"] as? [String: Double])?["atm"] ?? -1 > 0 && (epoch["weights"] as? [String: Double])?.count == 2 && epoch["gap"] == nil)
    #expect(((lines[0]["plan"] as? [String: String])?["seed"]) == "1")

    let failing = Trainer(try plan())
    failing.onEpoch = { record, _ in if record.epoch == 2 { throw FluxError("the end is \"near\"\n", at: "test") } }
    failing.log = try RunLog(path: path)
    expectRefusal("test: the end is \"near\"") { try failing.train() }
    let last = try #require(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").last)
    let stop = try #require(JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: String])
    #expect(stop["event"] == "stop" && stop["reason"]?.contains("the end is \"near\"\n") == true)
    expectRefusal("/dev/null/run.jsonl: the log cannot be written: Not a directory") {
      try RunLog(path: "/dev/null/run.jsonl")
    }
  }
}
