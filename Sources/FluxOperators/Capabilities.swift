import FluxCore
import FluxData
import FluxDocument
import FluxModels

// What only some operators have. Whoever needs it asks for the capability, never for a class.

/// An operator that can say how good it is, row by row.
public protocol Reported: ObservationOperator {
  /// A row for each label of the first axis.
  var report: Table { get }
  /// The same as numbers, by label, by name.
  var scores: [(label: String, figures: [(name: String, value: Double)])] { get }
  /// The few lines that stand for the report.
  var summary: [(name: String, text: String)] { get }
}

/// An operator that can be kept in a file.
public protocol Filed: ObservationOperator {
  /// - Throws: ``FluxError`` when the file cannot be written.
  func save(to path: String) throws
}

/// An operator that stands for an exact one, and can say how far off it is.
public protocol Gapped: RegionalOperator {
  /// Whether it knows enough to tell.
  var knowsExact: Bool { get }
  /// This operator minus its exact counterpart for the same model.
  ///
  /// - Parameter years: all that the drivers cover when nil.
  /// - Returns: PgC month⁻¹, positive where it claims too large a source. Shape `[region, month]`.
  /// - Throws: ``FluxError`` when it does not know enough, or the drivers do not cover a year; ``Interrupted`` on Ctrl-C.
  func gap(_ model: any SurfaceModel, years: [Int]?) throws -> Series
}

extension Gapped {
  /// The gap as the record of an epoch keeps it: PgC yr⁻¹, of all regions and of the one where it is largest.
  ///
  /// - Throws: as ``gap(_:years:)``.
  public func diagnoses(_ model: any SurfaceModel, years: [Int]) throws -> [(name: String, value: Double)] {
    let series = try gap(model, years: years), months = series.time.count, count = Double(max(1, years.count))
    let byRegion = series.regions.indices.map { r in
      (0..<months).reduce(0.0) { $0 + series[0, r, time: $1] } / count
    }
    return [("gap", byRegion.reduce(0, +)), ("largest_gap", byRegion.max { abs($0) < abs($1) } ?? .nan)]
  }
}

/// A regional operator that looks at some pixels of each region only.
public protocol Sampled: RegionalOperator {
  /// The regions that it was built for, perhaps more than it has; nil when they are not known.
  var mask: RegionSet? { get }
  /// The content hash of the region mask.
  var maskHash: String { get }
  /// The grid that cells count on.
  var grid: Grid { get }
  /// Its pixels' cells on the grid. Shape `[region][pixel]`.
  var contributingCells: [[Int]] { get }
  /// PgC d⁻¹ per (gC m⁻² d⁻¹). Shape `[region][pixel]`.
  var contributingWeights: [[Double]] { get }
}

/// An operator that was drawn at random, and can be drawn anew.
public protocol Redrawn: ObservationOperator {
  /// How often each pixel is chosen in many draws, and how many are.
  ///
  /// - Parameter progress: called on this thread with the share that is done.
  /// - Throws: ``FluxError`` when what it was made of is not known any more; ``Interrupted`` on Ctrl-C.
  func robustness(
    runs: Int, seed: UInt64, progress: (Double) -> Void
  ) throws -> (frequency: Cube, table: Table)
}
