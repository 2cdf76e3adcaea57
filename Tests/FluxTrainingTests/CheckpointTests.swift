import FluxCore
import FluxModels
import FluxObjective
@testable import FluxTraining
import Foundation
import TestSupport
import Testing

/// A run that is kept on disk: stopped anywhere, it ends as if it had not been.
@Suite("Checkpoints", .serialized)
struct CheckpointTests {
  /// A file in the temporary folder that goes with the test.
  private final class File {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("fluxbridge-\(UUID().uuidString).nc").path
    deinit { try? FileManager.default.removeItem(atPath: path) }
    var bytes: Data { get throws { try Data(contentsOf: URL(fileURLWithPath: path)) } }
  }

  private struct Stopped: Error {}

  private func trainer(_ file: File, batch: Int = 120) throws -> Trainer {
    var plan = try BiasedWorld().plan()
    (plan.epochs, plan.batch) = (4, batch)
    let trainer = Trainer(plan)
    trainer.checkpoint = Checkpointing(path: file.path, interval: 0)
    return trainer
  }

  @Test("a run stopped after any number of epochs and taken up again ends with the same bits as one that was not, file included",
    arguments: [[1], [3], [4], [9, 2], [5, 5, 5]])
  func resumed(_ stops: [Int]) throws {
    let whole = File(), parts = File()
    let expected = try trainer(whole).train()
    for stop in stops {
      let first = try trainer(parts)
      var epochs = 0
      first.onEpoch = { _, _ in
        epochs += 1
        if epochs == stop { throw Stopped() }
      }
      #expect(throws: Stopped.self) { try first.train() }
    }
    let result = try trainer(parts).train()
    #expect(result.members.count == 6)
    for (a, b) in zip(result.members, expected.members) {
      #expect(a.variant == b.variant && a.fold == b.fold && a.epoch == b.epoch && a.steps == b.steps && a.model.weights == b.model.weights)
      #expect(a.heldOutYears == b.heldOutYears && a.weightsConverged == b.weightsConverged)
    }
    #expect(result.records.map(\.score) == expected.records.map(\.score) && result.records.count == 24)
    #expect(try whole.bytes == parts.bytes)
  }

  @Test("a run stopped within an epoch goes on with the next step, and ends with the same bits", arguments: [1, 2], ["seconds", "steps"])
  func resumedWithinEpoch(_ every: Int, _ rule: String) throws {
    let whole = File(), parts = File()
    let expected = try trainer(whole, batch: 40).train()
    var steps = 0, within = 0
    for stop in [1, 4, 2, 9, 5] {
      let first = try trainer(parts, batch: 40)
      first.checkpoint = Checkpointing(path: parts.path, interval: rule == "seconds" ? 0 : 1e9, steps: rule == "steps" ? every : nil)
      // A kill: what was written last stays, and nothing is written after it.
      var bytes = Data()
      steps = 0
      first.onProgress = { _, _ in
        steps += 1
        if steps == stop { bytes = (try? parts.bytes) ?? Data() }
      }
      first.onEpoch = { _, _ in if steps >= stop { throw Stopped() } }
      #expect(throws: Stopped.self) { try first.train() }
      try bytes.write(to: URL(fileURLWithPath: parts.path))
      let kept = try Checkpoint(path: parts.path, plan: first.plan).running
      if (kept?.epochSteps ?? 0) > 0 { within += 1 }
    }
    #expect(within >= 2, "\(within) of the files were written within an epoch")
    let result = try trainer(parts, batch: 40).train()
    #expect(result.members.map(\.model.weights) == expected.members.map(\.model.weights))
    #expect(result.records.map(\.train.first?.loss) == expected.records.map(\.train.first?.loss))
    #expect(try whole.bytes == parts.bytes)
  }

  @Test("Ctrl-C within an epoch keeps the steps of it that are done")
  func interruptedWithinEpoch() throws {
    let whole = File(), parts = File()
    let expected = try trainer(whole).train(), first = try trainer(parts)
    first.checkpoint = Checkpointing(path: parts.path, interval: 1e9)
    var steps = 0
    first.onProgress = { _, _ in
      steps += 1
      if steps == 2 { Interrupt.raiseHere() }
    }
    #expect(throws: Interrupted.self) { try first.train() }
    Interrupt.clear()
    #expect(try Checkpoint(path: parts.path, plan: first.plan).running?.steps == 2)
    #expect(try trainer(parts).train().members.map(\.model.weights) == expected.members.map(\.model.weights))
    #expect(try whole.bytes == parts.bytes)
  }

  static let rules: [String: any Optimizer & Sendable] = [
    "sgd": { var rule = StochasticGradientDescent(); rule.momentum = 0.9; return rule }(),
    "adamw": { var rule = Adam(); rule.weightDecay = 0.01; return rule }(),
    "gauss_newton": { var rule = GaussNewton(); rule.learningRate = 0.01; return rule }(),
    "lbfgs": { var rule = LimitedMemoryBFGS(); rule.evaluations = 5; return rule }(),
  ]

  @Test("so does one with another optimiser, factors that change, a score of its own, patience and a schedule, on one and two threads",
    arguments: rules.keys.sorted())
  func otherRules(_ rule: String) throws {
    if rule == "lbfgs", LimitedMemoryBFGS.version == nil { return }
    func trainer(_ file: File) throws -> Trainer {
      let trainer = try self.trainer(file)
      var plan = trainer.plan
      plan.optimizer = Self.rules[rule]!
      plan.weighting = ScheduledWeighting(["atm": { epoch, epochs in Double(epoch) / Double(epochs) }])
      plan.score = { figures in figures.valid[0].loss + Double(figures.epoch % 3) }
      plan.patience = 2
      plan.schedule = { LearningRateSchedule.cosine(final: 0.1, epochs: nil).factor($0, of: 4) }
      let other = Trainer(plan)
      other.checkpoint = trainer.checkpoint
      return other
    }
    let whole = File(), parts = File()
    let expected = try ThreadPool.withThreadCount(1) { try trainer(whole).train() }
    for stop in [1, 4, 3] {
      let first = try trainer(parts)
      var epochs = 0
      first.onEpoch = { _, _ in
        epochs += 1
        if epochs == stop { throw Stopped() }
      }
      #expect(throws: Stopped.self) { try ThreadPool.withThreadCount(2) { try first.train() } }
    }
    let result = try ThreadPool.withThreadCount(2) { try trainer(parts).train() }
    #expect(result.members.map(\.model.weights) == expected.members.map(\.model.weights))
    #expect(try whole.bytes == parts.bytes)
  }

  @Test("a finished run is read, not trained again")
  func finished() throws {
    let file = File(), expected = try trainer(file).train(), again = try trainer(file)
    again.onEpoch = { _, _ in Issue.record("an epoch was trained") }
    #expect(try again.train().members.map(\.model.weights) == expected.members.map(\.model.weights))
  }

  @Test("a checkpoint of another experiment is refused with every difference; force takes it over")
  func another() throws {
    let file = File()
    _ = try trainer(file).train()
    var plan = try BiasedWorld().plan()
    (plan.epochs, plan.seed, plan.batch) = (4, 2, 100)
    let other = Trainer(plan)
    other.checkpoint = Checkpointing(path: file.path)
    let text = refusal { try other.train() }
    #expect(text.contains("seed: 1 in the file, 2 now") && text.contains("batch: 120 in the file, 100 now") && text.contains("terms: "), "\(text)")
    #expect(!text.contains("select:") && !text.contains("optimizer:"))
    other.checkpoint?.isForced = true
    #expect(try other.train().members.count == 6)
  }

  @Test("a damaged file, another kind of file and a folder that cannot be written are refused before anything is trained")
  func damaged() throws {
    let file = File()
    let result = try trainer(file).train()
    var bytes = try file.bytes
    // A weight of a member: the numbers are stored as they are.
    let weight = try #require(result.members.first?.model.weights.first)
    let place = try #require(bytes.range(of: withUnsafeBytes(of: weight) { Data($0) })).lowerBound
    bytes[place] ^= 0x10
    let whole = try file.bytes
    for (broken, reason) in [
      (bytes, "its contents have hash"), (whole.prefix(whole.count / 2), "probably truncated or damaged"),
      (Data("no netCDF at all".utf8), "Unknown file format"), (Data(), "the file is empty"),
    ] {
      try Data(broken).write(to: URL(fileURLWithPath: file.path))
      let run = try trainer(file)
      run.onEpoch = { _, _ in Issue.record("an epoch was trained") }
      expectRefusal(file.path, reason) { try run.train() }
      #expect(try file.bytes == Data(broken))
    }
    let run = try trainer(file)
    run.checkpoint = Checkpointing(path: "/dev/null/run.nc")
    expectRefusal("/dev/null/run.nc: '/dev/null' is no folder") { try run.train() }
  }

  @Test("a loss that is not finite leaves the run as it stood before, on disk")
  func divergence() throws {
    let file = File(), run = try trainer(file)
    run.onEpoch = { record, _ in
      if record.variant == "ec_atm", record.epoch == 2 { throw FluxError("the loss is nan", at: "test") }
    }
    expectRefusal("test: the loss is nan") { try run.train() }
    let kept = try Checkpoint(path: file.path, plan: run.plan)
    #expect(kept.finished.count == 1 && kept.running?.epoch == 2 && kept.records.count == 6)
  }
}
