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

  private static let format = "fluxbridge training run 4"
  private static let remedy = "Name another file, or remove this one to begin anew."

  init() {}

  /// - Throws: ``FluxError`` when the file cannot be written; the file of before then stays.
  func save(to path: String, plan: TrainingPlan) throws {
    var columns = try RunColumns(
      members: finished, records: records, variants: plan.variants, terms: plan.terms.map(\.name))
    if let running { running.add(to: &columns, plan.variants) }
    var attributes: NetCDFAttributes = ["title": "Fluxbridge training run", "format": .text(Self.format)]
    for entry in identity { attributes["plan_" + entry.name] = .text(entry.value) }
    try columns.write(to: path, attributes: attributes)
  }

  /// - Throws: ``FluxError`` for a file that is no checkpoint, is damaged, or does not fit the plan's architecture.
  init(path: String, plan: TrainingPlan) throws {
    let file = try NetCDFReader(path: path), format = file.attributes.text("format")
    guard format == Self.format else {
      let isOlder = format?.hasPrefix("fluxbridge training run") == true
      throw FluxError(
        isOlder ? "the checkpoint is of an earlier version (\(format ?? ""))" : "the file is no training run", at: path,
        expected: "a checkpoint that a trainer wrote" + (isOlder ? ", \(Self.format)" : ""),
        remedy: isOlder ? "Finish it with the version that wrote it, or begin anew. " + Self.remedy : Self.remedy)
    }
    let reading = try RunColumns.Reading(file, remedy: "The file is damaged. " + Self.remedy)
    identity = reading.settings.map { PlanIdentity.Entry(name: $0.name, value: $0.value) }
    do { try read(reading, plan) } catch is RunColumns.Misfit {
      throw FluxError(
        "its arrays do not fit this plan's members, terms and weights", at: path, expected: "a run of this plan",
        remedy: Self.remedy)
    }
  }

  private mutating func read(_ reading: RunColumns.Reading, _ plan: TrainingPlan) throws {
    let terms = plan.terms.map(\.name), size = plan.model.parameters.size
    let names = try reading.variants().map(\.name)
    guard names == plan.variants.map(\.name), reading.text("term_name") == terms else { throw RunColumns.Misfit() }
    finished = try reading.members(plan.variants)
    records = try reading.records(plan.variants, terms)
    running = try MemberState(reading, plan.variants)
    let fits = finished.allSatisfy { $0.model.parameters.size == size && $0.fold < plan.folds.count }
    guard fits, running.map({ $0.fits(plan, size) }) ?? true else { throw RunColumns.Misfit() }
  }
}

extension MemberState {
  /// Puts the state into columns of their own.
  func add(to columns: inout RunColumns, _ variants: [TrainingPlan.Variant]) {
    let place = Double(variants.firstIndex { $0.name == variant } ?? -1)
    let counts = [epoch, steps, epochSteps, bestEpoch].map(Double.init)
    for (name, values, meaning) in [
      ("running", [place, Double(fold)] + counts + [bestScore],
        "variant and fold from 0, epochs, steps, steps of the epoch, best epoch, its score"),
      ("running_weights", weights, "parameters now"),
      ("running_best_weights", bestWeights, "parameters of the best epoch"),
      ("running_optimizer", optimizer, "state of the model's optimiser"),
      ("running_weighting_optimizer", weightingOptimizer, "state of the weighting's optimiser"),
      ("running_first_losses", firstLosses, "of the first step, by term"),
      ("running_weighting", weighting, "what the weighting has learned"),
      ("running_weighting_state", weightingState, "what else it remembers"),
      ("running_history", history, "what it had learned after each step"),
      ("running_epoch_sums", epochSums, "losses of the epoch so far, by term"),
    ] { columns.add(name, [(name: name + "_size", length: values.count)], values, meaning) }
  }

  /// The state of a file; nil where no member was in training.
  ///
  /// - Throws: ``RunColumns/Misfit`` when its numbers cannot be.
  init?(_ reading: RunColumns.Reading, _ variants: [TrainingPlan.Variant]) throws {
    let row = reading.column("running")
    if row.isEmpty { return nil }
    guard row.count == 7 else { throw RunColumns.Misfit() }
    func count(_ place: Int) throws -> Int { try reading.whole(row[place], 0, Int(Int32.max)) }
    self.init()
    variant = variants[try reading.whole(row[0], 0, variants.count - 1)].name
    fold = try count(1)
    epoch = try count(2)
    steps = try count(3)
    epochSteps = try count(4)
    bestEpoch = try count(5)
    bestScore = row[6]
    weights = reading.column("running_weights")
    bestWeights = reading.column("running_best_weights")
    optimizer = reading.column("running_optimizer")
    weightingOptimizer = reading.column("running_weighting_optimizer")
    firstLosses = reading.column("running_first_losses")
    weighting = reading.column("running_weighting")
    weightingState = reading.column("running_weighting_state")
    history = reading.column("running_history")
    epochSums = reading.column("running_epoch_sums")
  }

  /// Whether it can be of a plan whose model has so many weights.
  func fits(_ plan: TrainingPlan, _ size: Int) -> Bool {
    guard let mine = plan.variants.first(where: { $0.name == variant }) else { return false }
    return fold < plan.folds.count && weights.count == size && bestWeights.count == (bestEpoch > 0 ? size : 0)
      && (firstLosses.isEmpty || firstLosses.count == mine.terms.count)
      && epochSums.count == (epochSteps > 0 ? mine.terms.count : 0)
  }
}
