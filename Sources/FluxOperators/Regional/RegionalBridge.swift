import FluxCore
import FluxData
import FluxDocument
import FluxDrivers
import FluxModels
import FluxTensor

/// Sparse regional linear models: flux at a few pixels → regional totals (paper Eq. 5, SCIENCE §6).
///
///   m̂[r, m] = Σ_{d ∈ m} (Σ_s f(ω, x[r, s, d]) Θ[r, s] + b[r])
///
/// which is the days of the month times the mean over its days.
public final class RegionalBridge: RegionalOperator, LinearFluxOperator {
  /// One of each region, in the order of the rows.
  public let models: [SparseRegion]
  /// What its pixels are places of.
  public let drivers: DriverStore
  /// The content hash of the region mask that the areas came from.
  public let maskHash: String
  /// The regions that it was built for, perhaps more than it has.
  public let mask: RegionSet?
  /// How it was made, in words and numbers, as a file keeps it.
  public let provenance: [(name: String, value: String)]
  /// Names of the plant functional types of the models' shares; empty when they were not given.
  public let types: [String]
  /// What it was built from; nil when it was read from a file.
  let source: RegionalSource?
  private let sums: PixelSums

  /// A bridge of given models, which does not know what it was built from.
  public convenience init(models: [SparseRegion], drivers: DriverStore, maskHash: String) {
    self.init(models: models, drivers: drivers, maskHash: maskHash, mask: nil, provenance: [], types: [], source: nil)
  }

  init(
    models: [SparseRegion], drivers: DriverStore, maskHash: String, mask: RegionSet?, provenance: [(name: String, value: String)], types: [String],
    source: RegionalSource?
  ) {
    self.models = models
    self.drivers = drivers
    self.maskHash = maskHash
    self.mask = mask
    self.provenance = provenance
    self.types = types
    self.source = source
    sums = PixelSums(pixels: models.map(\.pixels), weights: models.map(\.theta), intercepts: models.map(\.intercept), drivers: drivers)
  }

  public var axes: [OperatorAxis] { Self.axes(models.map(\.code)) }
  public var areas: [Double] { models.map(\.area) }
  public var windows: [Window]? { sums.windows }

  public func selecting(_ labels: [String]) throws -> RegionalBridge {
    let chosen = try LabelChoice.places(of: labels, among: regions).map { models[$0] }
    return RegionalBridge(
      models: chosen, drivers: drivers, maskHash: maskHash, mask: mask, provenance: provenance, types: types,
      source: source)
  }

  public func rows(_ window: Window) throws -> OperatorRows { try sums.rows(window) }
}

extension RegionalBridge: Sampled {
  public var grid: Grid { drivers.grid }
  public var contributingCells: [[Int]] { models.map(\.cells) }
  public var contributingWeights: [[Double]] { models.map(\.theta) }
}

extension RegionalBridge: Filed {
  public func save(to path: String) throws { try BridgeFile.save(self, to: path) }
}

extension RegionalBridge: Redrawn {
  public func robustness(
    runs: Int, seed: UInt64, progress: (Double) -> Void
  ) throws -> (frequency: Cube, table: Table) {
    let found = try BridgeRobustness(self, runs: runs, seed: seed, progress: progress)
    return (found.frequency, found.table)
  }
}

extension RegionalBridge: Gapped {
  public var knowsExact: Bool { mask != nil }

  /// The bridge minus the exact integral of the same model: the error of the sparse models, as a number.
  ///
  /// - Parameter years: of the drivers; all of them when nil.
  /// - Returns: PgC month⁻¹, positive where the bridge claims too large a source. Shape `[region, month]`.
  /// - Throws: ``FluxError`` when the regions' mask is not known, or the drivers do not cover a year; ``Interrupted`` on Ctrl-C.
  public func gap(_ model: any SurfaceModel, years: [Int]? = nil) throws -> Series {
    guard let mask else {
      throw FluxError("the bridge does not know its regions' mask", at: "Bridge:gap", expected: "a bridge of bridge.regional or bridge.load")
    }
    let exact = try ExactBridge(regions: mask.only(regions), drivers: drivers)
    let groups = drivers.time.months().filter { years?.contains($0.year) ?? true }, axis = drivers.time.grouped(groups)
    let covered = Set(groups.map(\.year))
    if let stray = years?.first(where: { !covered.contains($0) }) {
      throw FluxError("the drivers do not cover \(stray)", at: "Bridge:gap",
        expected: "years within \(drivers.time.years.first ?? 0) to \(drivers.time.years.last ?? 0)")
    }
    var values = [[Double]](repeating: [], count: regions.count)
    try Tape.withoutRecording {
      for year in covered.sorted() {
        try Interrupt.check()
        let (sparse, whole) = (try predict(model, year: year).doubles(), try exact.predict(model, year: year).doubles())
        let months = sparse.count / regions.count
        for r in regions.indices { values[r] += (0..<months).map { sparse[r * months + $0] - whole[r * months + $0] } }
      }
    }
    return try Series(name: "gap", unit: Unit("PgC month-1"), time: axis, regions: regions, regionArea: areas, values: values.flatMap { $0 },
      notes: ["the sparse bridge minus the exact integral"])
  }
}
