import FluxCore
import FluxData
import FluxModels

/// A run on disk between two steps: finished members, the curves, and the member in training.
///
/// One netCDF file, written beside the old one and renamed, so that a killed or refused write leaves the last good one.
/// It holds what the plan was (``PlanIdentity``) and a hash of every number; no time, no host: equal runs give equal files.
struct Checkpoint {
  var identity: [PlanIdentity.Entry] = []
  var finished: [TrainedMember] = []
  var records: [EpochRecord] = []
  var running: MemberState?

  private static let format = "fluxbridge training run 3"

  /// - Throws: ``FluxError`` when the file cannot be written; the file of before then stays.
  func save(to path: String, plan: TrainingPlan) throws {
    var hash = ContentHash()
    let columns = self.columns(plan)
    for (name, values) in columns {
      hash.combine(name)
      hash.combine(values)
    }
    var attributes: NetCDFAttributes = ["title": "Fluxbridge training run", "format": .text(Self.format), "content_hash": .text("\(hash)")]
    for entry in identity { attributes["plan_" + entry.name] = .text(entry.value) }
    let writer = try NetCDFWriter(path: path, attributes: attributes)
    for (name, values) in columns where !values.isEmpty {
      try writer.define(dimension: "\(name)_size", length: values.count)
      try writer.define(variable: name, type: .double, dimensions: ["\(name)_size"])
    }
    for (name, values) in columns where !values.isEmpty { try writer.write(values, to: name) }
    try writer.commit()
  }

  /// - Throws: ``FluxError`` for a file that is no checkpoint, is damaged, or does not fit the plan's architecture.
  init(path: String, plan: TrainingPlan) throws {
    let file = try NetCDFReader(path: path), remedy = "Name another file, or remove this one to begin anew."
    guard file.attributes.text("format") == Self.format else {
      throw FluxError("the file is no training run", at: path, expected: "a checkpoint that a trainer wrote", remedy: remedy)
    }
    identity = file.attributes.entries.map(\.name).filter { $0.hasPrefix("plan_") }.map {
      PlanIdentity.Entry(name: String($0.dropFirst(5)), value: file.attributes.text($0) ?? "")
    }
    var hash = ContentHash(), columns: [String: [Double]] = [:]
    for (name, _) in Self().columns(plan) {
      let values = file.contains(name) ? try file.rawDoubles(name) : []
      hash.combine(name)
      hash.combine(values)
      columns[name] = values
    }
    guard "\(hash)" == file.attributes.text("content_hash") else {
      throw FluxError("the numbers have hash \(hash)", at: path, expected: file.attributes.text("content_hash") ?? "a hash in the file",
        remedy: "The file is damaged. " + remedy)
    }
    do { try read(columns, plan) } catch is Misfit {
      throw FluxError("its arrays do not fit this plan's members, terms and weights", at: path, expected: "a run of this plan", remedy: remedy)
    }
  }

  init() {}

  // MARK: Numbers in rows

  private struct Misfit: Error {}

  /// Every array of the file by name, in a fixed order.
  private func columns(_ plan: TrainingPlan) -> [(String, [Double])] {
    let variant = { (name: String) in Double(plan.variants.firstIndex { $0.name == name } ?? -1) }
    let terms = plan.terms.map(\.name)
    func row(_ losses: [(term: String, loss: Double)]) -> [Double] {
      terms.map { term in losses.first { $0.term == term }?.loss ?? .nan }
    }
    let r = running
    var list: [(String, [Double])] = [
      ("member", finished.flatMap { [variant($0.variant), Double($0.fold), Double($0.epoch), Double($0.steps), $0.weightsConverged ? 1 : 0] }),
      ("member_weights", finished.flatMap(\.model.weights)),
      ("epoch", records.flatMap { [variant($0.variant), Double($0.fold), Double($0.epoch), $0.score, $0.gap, $0.largestGap] }),
      ("epoch_train", records.flatMap { row($0.train) }),
      ("epoch_valid", records.flatMap { row($0.valid) }),
      ("epoch_weights", records.flatMap { record in (0..<terms.count).map { record.weights.indices.contains($0) ? record.weights[$0] : .nan } }),
    ]
    list.append(("running", r.map { [variant($0.variant), Double($0.fold), Double($0.epoch), Double($0.steps), Double($0.epochSteps), Double($0.bestEpoch), $0.bestScore] } ?? []))
    let parts: [(String, [Double]?)] = [
      ("running_weights", r?.weights), ("running_best_weights", r?.bestWeights),
      ("running_optimizer", r?.optimizer), ("running_weighting_optimizer", r?.weightingOptimizer),
      ("running_first_losses", r?.firstLosses), ("running_weighting", r?.weighting), ("running_history", r?.history),
      ("running_weighting_state", r?.weightingState), ("running_epoch_sums", r?.epochSums),
    ]
    return list + parts.map { ($0.0, $0.1 ?? []) }
  }

  private mutating func read(_ columns: [String: [Double]], _ plan: TrainingPlan) throws {
    func rows(_ name: String, _ width: Int, count: Int? = nil) throws -> [[Double]] {
      let values = columns[name] ?? []
      guard width > 0, values.count % width == 0, count == nil || values.count == count! * width else { throw Misfit() }
      return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<($0 + width)]) }
    }
    func variant(_ number: Double) throws -> TrainingPlan.Variant {
      guard let index = Int(exactly: number), plan.variants.indices.contains(index) else { throw Misfit() }
      return plan.variants[index]
    }
    func fold(_ number: Double) throws -> Int {
      guard let fold = Int(exactly: number), (0..<plan.folds.count).contains(fold) else { throw Misfit() }
      return fold
    }
    func integer(_ number: Double) throws -> Int {
      guard let whole = Int(exactly: number), whole >= 0 else { throw Misfit() }
      return whole
    }
    let size = plan.model.weights.count, terms = plan.terms.map(\.name)

    let members = try rows("member", 5)
    finished = try zip(members, rows("member_weights", size, count: members.count)).map { row, weights in
      let split = try FoldSplit(plan, fold(row[1])), model = try split.start.clone()
      try model.setWeights(weights)
      return TrainedMember(variant: try variant(row[0]).name, fold: split.fold, seed: plan.seed, replicate: plan.replicate, model: model, epoch: try integer(row[2]), steps: try integer(row[3]),
        heldOutYears: split.heldOutYears, weightsConverged: row[4] == 1)
    }
    let epochs = try rows("epoch", 6)
    let train = try rows("epoch_train", terms.count, count: epochs.count), valid = try rows("epoch_valid", terms.count, count: epochs.count)
    let weights = try rows("epoch_weights", terms.count, count: epochs.count)
    records = try epochs.indices.map { i in
      let mine = try variant(epochs[i][0])
      func named(_ row: [Double]) -> [(term: String, loss: Double)] {
        mine.terms.map { name in (term: name, loss: terms.firstIndex(of: name).map { row[$0] } ?? .nan) }
      }
      return EpochRecord(variant: mine.name, fold: try integer(epochs[i][1]), epoch: try integer(epochs[i][2]), train: named(train[i]), valid: named(valid[i]),
        weights: weights[i].filter { !$0.isNaN }, score: epochs[i][3], seconds: .nan, gap: epochs[i][4], largestGap: epochs[i][5],
        seed: plan.seed, replicate: plan.replicate)
    }
    guard let row = try rows("running", 7).first else { return }
    let mine = try variant(row[0])
    running = MemberState(variant: mine.name, fold: try fold(row[1]), epoch: try integer(row[2]), steps: try integer(row[3]),
      epochSteps: try integer(row[4]), epochSums: columns["running_epoch_sums"] ?? [], weights: columns["running_weights"] ?? [], optimizer: columns["running_optimizer"] ?? [],
      weightingOptimizer: columns["running_weighting_optimizer"] ?? [], firstLosses: columns["running_first_losses"] ?? [],
      weighting: columns["running_weighting"] ?? [], weightingState: columns["running_weighting_state"] ?? [], history: columns["running_history"] ?? [], bestEpoch: try integer(row[5]),
      bestScore: row[6], bestWeights: columns["running_best_weights"] ?? [])
    guard running!.weights.count == size, running!.bestWeights.count == (running!.bestEpoch > 0 ? size : 0),
      running!.firstLosses.isEmpty || running!.firstLosses.count == mine.terms.count,
      running!.epochSums.count == (running!.epochSteps > 0 ? mine.terms.count : 0)
    else { throw Misfit() }
  }
}
