import FluxCore
import FluxData
import TestSupport
import Testing

/// Real files against CDO's answers, the table that `Tests/ReferenceData/cdo.py` made.
@Suite("Against CDO on real files")
struct ClimateDataOperatorsTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let file, variable, operation, argument: String
    let shape: [Int]
    let valid: Int
    let samples: [(index: Int, value: Double)]
    var testDescription: String { "\(operation) \(argument) of \(variable) in \(file)" }

    init(_ fields: [String]) {
      (file, variable, operation, argument) = (fields[0], fields[1], fields[2], fields[3])
      shape = fields[4].split(separator: "x").compactMap { Int($0) }
      valid = Int(fields[5]) ?? -1
      samples = fields[7].split(separator: " ").compactMap { pair in
        let parts = pair.split(separator: "=")
        guard let index = Int(parts[0]), let value = Double(parts[1]) else { return nil }
        return (index, value)
      }
    }
  }

  static let rows = ((try? TestFiles.rows("cdo.csv")) ?? []).map(Row.init)

  @Test(
    "regional sums, regrids, seasonal means, anomalies and trends are CDO's",
    .enabled(if: TestFiles.shared != nil, "no real files beside the package"), arguments: rows)
  func same(row: Row) throws {
    let folder = try #require(TestFiles.shared)
    let cube = try Cube.open("\(folder)/\(row.file)", variable: row.variable)
    let mask = try Cube.open(folder + "/regions/reccap2_18regions_0p5deg.nc", variable: "region")
    let result: [Double]
    switch row.operation {
    case "region_numbers": result = try mask.regridded(to: cube.grid, .nearest).values().map { $0.isNaN ? 0 : Double($0) }
    case "sum_ours", "sum_cdo": result = try sums(cube, mask)
    default: result = try values(cube, row).map(Double.init)
    }
    try #require(result.count == row.shape.reduce(1, *), "\(result.count)")
    let valid = result.count { !$0.isNaN }
    // CDO's bilinear value is missing when any of the four neighbours is; here the others weigh more.
    if row.operation == "remapbil" { #expect(valid >= row.valid) } else { #expect(valid == row.valid) }
    let size = try isDifference(row) ? cube.values().reduce(0) { $1.isNaN ? $0 : max($0, Double($1.magnitude)) } : 0
    for (index, value) in row.samples {
      let error = (result[index] - value).magnitude
      #expect(error <= tolerance(row) * max(value.magnitude, size), "at \(index): \(result[index]), CDO \(value)")
    }
  }

  /// 1e-6: values are float32 here. CDO's own areas are those of great-circle polygons, whose difference from cells between
  /// parallels grows with the square of their width: 1e-4 up to 1°, 1e-3 for the 2.8° and 3.75° of the Gaussian grids.
  private func tolerance(_ row: Row) -> Double {
    guard row.operation == "sum_cdo" else { return 1e-6 }
    return row.variable == "lst" || row.variable == "lai" ? 1e-3 : 1e-4
  }

  /// Differences and sums of values of both signs are as exact as the values, not as themselves.
  private func isDifference(_ row: Row) -> Bool { ["ymonsub", "ydaysub", "detrend", "timstd", "timmean"].contains(row.operation) }

  private func values(_ cube: Cube, _ row: Row) throws -> [Float] {
    let grid = try Double(row.argument).map { try Grid.regular(step: $0) } ?? cube.grid
    switch row.operation {
    case "remapcon": return try cube.regridded(to: grid, .conservative).values()
    case "remapbil": return try cube.regridded(to: grid, .bilinear).values()
    case "remapnn": return try cube.regridded(to: grid, .nearest).values()
    case "ymonmean": return try cube.meanSeasonalCycle(by: .month).values()
    case "ymonsub": return try cube.anomaly(by: .month).values()
    case "ydaymean": return try cube.meanSeasonalCycle(by: .day).values()
    case "ydaysub": return try cube.anomaly(by: .day).values()
    case "monmean": return try cube.monthly().values()
    case "yearmonmean", "yearmean": return try cube.annual().values()
    case "timmean": return try cube.reduced(.mean, over: ["time"]).values()
    case "timstd": return try cube.reduced(.std, over: ["time"]).values()
    case "detrend": return try cube.detrended().values()
    default: throw FluxError("the operation \(row.operation)", at: "cdo.csv")
    }
  }

  /// `[time, region]`, value × m². A cell belongs to the mask's cell just north-east of its centre.
  private func sums(_ cube: Cube, _ mask: Cube) throws -> [Double] {
    let numbers = try mask.values()
    var lists = [[(cell: Int, fraction: Float)]](repeating: [], count: 18)
    for row in 0..<cube.grid.rows {
      for column in 0..<cube.grid.columns {
        let latitude = min(90, cube.grid.latitudes[row] + 1e-6), longitude = cube.grid.longitudes[column] + 1e-6
        guard let cell = mask.grid.cell(latitude: latitude, longitude: longitude), (1...18).contains(numbers[cell]) else { continue }
        lists[Int(numbers[cell]) - 1].append((row * cube.grid.columns + column, 1))
      }
    }
    let codes = (1...18).map { "r\($0)" }
    let regions = try RegionSet(codes: codes, names: codes, grid: cube.grid, fractions: lists)
    let series = try cube.relabelled(unit: "kg m-2").integral(regions)
    return (0..<cube.timeCount).flatMap { time in
      (0..<18).map { region in lists[region].isEmpty ? 0 : series[region, time: time] }
    }
  }
}
