import FluxCore
import FluxData
import FluxDrivers

/// A model run over every land pixel and day, kept as means over days, months or composites: what maps and integrals are made of.
public struct ForwardRun: Sendable {
  /// What one value is the mean of.
  public enum Step: String, Sendable, CaseIterable {
    case day, month
    /// The composites of MODIS, 46 a year.
    case eightDays = "8days"
  }

  /// The store's.
  public let grid: Grid
  /// Steps, dated on their first day.
  public let time: TimeAxis
  /// The mean NEE of each step, gC m⁻² d⁻¹, NaN at sea. Shape `[time, lat, lon]`.
  public let nee: [Float]

  /// Runs a model over whole steps.
  ///
  /// - Parameters:
  ///   - years: which of the store's years; all of them when nil.
  /// - Throws: ``FluxError`` when the model's inputs are not the store's drivers, a year is missing, or the maps do not
  ///   fit in memory; ``Interrupted`` on Ctrl-C.
  public init(_ model: any SurfaceModel, _ drivers: DriverStore, years: [Int]? = nil, step: Step = .month) throws {
    let stream = try ForwardStream([model], drivers, years: years, step: step)
    grid = drivers.grid
    time = stream.time
    nee = try stream.cube().values()
  }

  /// The mean output of one model, or of several with a leading `member` dimension.
  ///
  /// - Parameter path: a CF netCDF file that the maps go to as they are computed; they stay in memory when nil.
  /// - Returns: in the output's unit; NEE gC m⁻² d⁻¹, positive to the atmosphere. Shape `[time, lat, lon]` or
  ///   `[member, time, lat, lon]`.
  /// - Throws: as ``init(_:_:years:step:)``.
  public static func cube(
    _ models: [any SurfaceModel], _ drivers: DriverStore, output: Quantity = .nee, years: [Int]? = nil,
    step: Step = .month, into path: String? = nil
  ) throws -> Cube {
    let cube = try ForwardStream(models, drivers, output: output, years: years, step: step).cube()
    if let path {
      try cube.save(path)
      return try Cube.open(path, variable: cube.name)
    }
    return try Cube(name: cube.name, values: cube.values(), grid: cube.grid, time: cube.time, unit: cube.unitText,
      longName: cube.longName, leading: cube.leading)
  }

  /// Regional totals of one model, or of several with a leading `member` dimension, without a cube anywhere: each
  /// block of months is summed up and forgotten.
  ///
  /// - Returns: PgC month⁻¹. Shape `[region, month]` or `[member, region, month]`.
  /// - Throws: as ``init(_:_:years:step:)``.
  public static func integral(
    _ models: [any SurfaceModel], _ drivers: DriverStore, _ regions: RegionSet, years: [Int]? = nil
  ) throws -> Series {
    try ForwardStream(models, drivers, years: years, step: .month).cube().integral(regions)
  }
}
