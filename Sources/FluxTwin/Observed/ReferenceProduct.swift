import FluxCore
import FluxData
import FluxDrivers
import FluxModels
import FluxObjective
import FluxObservations
import FluxTraining

/// The twin's stand-in for the FLUXCOM cube: NEE by an independent tower-only model.
///
/// It sees what any user of the archive sees (towers and base variables, never the
/// truth) and has its own seed, folds and fewer epochs than an experiment. The regional bridge is fitted to it.
public enum ReferenceProduct {
  static let folds = 3, epochs = 15

  /// Trains on an archive's towers and runs over its land.
  ///
  /// - Parameters:
  ///   - archive: the folder; `towers/` and `drivers/` must be written.
  ///   - seed: of folds and weights; take another than the experiment's.
  /// - Returns: gC m⁻² d⁻¹, means over 8 days. Shape `[time, lat, lon]`.
  /// - Throws: ``FluxError`` when the archive is not whole; ``Interrupted`` on Ctrl-C.
  public static func make(archive: String, drivers: DriverStore, seed: UInt64) throws -> Cube {
    var options = TowerSet.Options()
    options.sites = "\(archive)/towers/sites.csv"
    let samples = try TowerSet.open(["\(archive)/towers"], options: options).attach(drivers).samples
    let split = try Folds.bySite(samples.sites, dayCounts: samples.countBySite, count: folds, seed: seed)
    var plan = TrainingPlan(model: try MultilayerPerceptron(inputs: drivers.names, seed: seed), samples: samples, folds: split,
      terms: [("ec", MeanSquaredError())], variants: [.init("ec", terms: ["ec"])])
    plan.epochs = epochs
    plan.seed = seed
    let members = try Trainer(plan).train().members.map(\.model)
    // The product is the mean of its members, as FLUXCOM's is.
    var mean: [Float] = [], time: TimeAxis?
    for member in members {
      let run = try ForwardRun(member, drivers, step: .eightDays)
      if mean.isEmpty { mean = [Float](repeating: 0, count: run.nee.count) }
      for i in mean.indices { mean[i] += run.nee[i] / Float(members.count) }
      time = run.time
    }
    return try Cube(name: "nee", values: mean, grid: drivers.grid, time: time, unit: "gC m-2 d-1", longName: "net ecosystem exchange")
  }
}
