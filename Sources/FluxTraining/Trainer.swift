import FluxCore
import FluxData
import FluxModel
import FluxObjective
import FluxTensor
import Glibc

/// Trains every variant of a plan on every fold.
public final class Trainer {
  public let plan: TrainingPlan
  /// Called after each epoch; may throw to stop.
  public var onEpoch: ((EpochRecord) throws -> Void)?
  /// Called after each step with the share of all work that is done, 0 to 1.
  public var onProgress: ((Double) -> Void)?

  public init(_ plan: TrainingPlan) { self.plan = plan }

  /// - Throws: ``FluxError`` for a plan that cannot be trained or a loss that is not finite, naming
  ///   the step and the term; ``Interrupted`` on Ctrl-C.
  public func train() throws -> TrainingResult {
    try plan.check()
    var members: [TrainedMember] = [], records: [EpochRecord] = []
    let runs = Double(plan.folds.count * plan.variants.count)
    for fold in 0..<plan.folds.count {
      let split = try FoldSplit(plan, fold)
      for variant in plan.variants {
        let before = Double(members.count)
        let run = try MemberRun(plan, split, variant)
        members.append(try run.train { record in
          records.append(record)
          try self.onEpoch?(record)
        } progress: { share in
          self.onProgress?((before + share) / runs)
        })
      }
    }
    return TrainingResult(members: members, records: records)
  }
}

/// The sites and years that one fold trains and validates on, and the weights it starts from.
struct FoldSplit {
  let fold: Int
  /// Rows of the samples.
  let training, validation: [Int]
  let trainingYears, heldOutYears: [Int]
  let start: MultilayerPerceptron

  init(_ plan: TrainingPlan, _ fold: Int) throws {
    self.fold = fold
    var training: [Int] = [], validation: [Int] = []
    for row in 0..<plan.samples.count {
      let mine = plan.folds.fold[Int(plan.samples.siteIndex[row])]
      if mine == fold { validation.append(row) } else if mine != Folds.test { training.append(row) }
    }
    guard !training.isEmpty, !validation.isEmpty else {
      throw FluxError("fold \(fold + 1) has \(training.count) training and \(validation.count) validation samples", at: "trainer",
        expected: "at least one of each", remedy: "Ask for fewer folds.")
    }
    (self.training, self.validation) = (training, validation)
    let heldOut = plan.needsYears ? try plan.holdoutYears(fold: fold) : []
    heldOutYears = heldOut
    trainingYears = plan.years.filter { !heldOut.contains($0) }
    start = try MultilayerPerceptron(inputs: plan.model.inputs, hidden: plan.model.hidden, activation: plan.model.activation,
      seed: plan.seed &* 1000 &+ UInt64(fold), dtype: plan.model.dtype)
    start.normalisation = plan.samples.drivers.withUnsafeBufferPointer {
      Normalisation(of: $0.baseAddress!, drivers: plan.samples.driverCount, rows: training)
    }
  }

  /// Rows of the samples as a batch.
  ///
  /// - Parameter siteWeight: one weight a site. Shape `[site]`.
  static func batch(_ samples: SiteDays, _ rows: [Int], siteWeight: [Float]) throws -> TrainingStep.Batch {
    let width = samples.driverCount
    let x = try Tensor.makeFloats([rows.count, width], names: ["sample", "driver"], at: "trainer") { out in
      samples.drivers.withUnsafeBufferPointer { drivers in
        for (i, row) in rows.enumerated() {
          (out + i * width).update(from: drivers.baseAddress! + row * width, count: width)
        }
      }
    }
    return TrainingStep.Batch(x: x, observed: try Tensor(rows.map { samples.nee[$0] }, names: ["sample"]),
      weight: try Tensor(rows.map { samples.weight[$0] }, names: ["sample"]),
      siteWeight: try Tensor(rows.map { siteWeight[Int(samples.siteIndex[$0])] }, names: ["sample"]), rows: rows, samples: samples)
  }

  /// 1 / days of each site among `rows`, scaled to a mean of 1 over them. Shape `[site]`.
  static func siteWeights(_ samples: SiteDays, _ rows: [Int]) -> [Float] {
    var counts = [Double](repeating: 0, count: samples.sites.count)
    for row in rows { counts[Int(samples.siteIndex[row])] += 1 }
    let present = Double(counts.reduce(0) { $0 + ($1 > 0 ? 1 : 0) })
    return counts.map { $0 > 0 ? Float(Double(rows.count) / (present * $0)) : 0 }
  }
}
