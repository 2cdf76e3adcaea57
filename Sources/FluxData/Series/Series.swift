import FluxCore

/// Regional time series: what integrals, targets and predictions are.
///
/// - Shape: `[region, time]`, or `[member, region, time]` for an ensemble; row-major doubles, NaN where missing.
/// - Units: those of ``unit``; a total per step (PgC month⁻¹) stands for the calendar's own days of that step.
///   Positive = to the atmosphere.
public struct Series: Sendable {
  /// A short name, `nee`.
  public var name: String
  public let unit: Unit
  public let time: TimeAxis
  /// Region codes.
  public let regions: [String]
  /// Land area of each region, m², where it is known: the weights of Eq. 8. Shape `[region]`.
  public let regionArea: [Double]?
  /// Names of the members of an ensemble; nil for a single series.
  public let members: [String]?
  public let values: [Double]
  /// What a reader of the numbers should know: missing cells, dropped years, substituted months.
  public var notes: [String]

  /// - Throws: ``FluxError`` when the number of values is not members × regions × times, or a name comes twice.
  public init(
    name: String, unit: Unit, time: TimeAxis, regions: [String], regionArea: [Double]? = nil, members: [String]? = nil,
    values: [Double], notes: [String] = [], at place: String = "Series"
  ) throws {
    let count = (members?.count ?? 1) * regions.count * time.count
    guard values.count == count else {
      throw FluxError(
        "\(values.count) values", at: place,
        expected: "\(count), \(members.map { "\($0.count) members × " } ?? "")\(regions.count) regions × \(time.count) times")
    }
    if let twice = RegionSet.firstRepeated(regions) ?? RegionSet.firstRepeated(members ?? []) {
      throw FluxError("the name '\(twice)' comes twice", at: place, expected: "a name of its own for each region and member")
    }
    guard regionArea.map({ $0.count == regions.count }) ?? true else {
      throw FluxError("\(regionArea?.count ?? 0) areas", at: place, expected: "one for each of \(regions.count) regions")
    }
    self.init(unchecked: name, unit, time, regions, regionArea, members, values, notes)
  }

  init(
    unchecked name: String, _ unit: Unit, _ time: TimeAxis, _ regions: [String], _ regionArea: [Double]?, _ members: [String]?,
    _ values: [Double], _ notes: [String]
  ) {
    self.name = name
    self.unit = unit
    self.time = time
    self.regions = regions
    self.regionArea = regionArea
    self.members = members
    self.values = values
    self.notes = notes
  }

  /// `[region, time]` or `[member, region, time]`.
  public var shape: [Int] { (members.map { [$0.count] } ?? []) + [regions.count, time.count] }
  public var dimensions: [String] { (members == nil ? [] : ["member"]) + ["region", "time"] }
  public var memberCount: Int { members?.count ?? 1 }
  /// How many rows of `time.count` values there are: member × region.
  var rowCount: Int { memberCount * regions.count }

  public subscript(member: Int, region: Int, time index: Int) -> Double {
    values[(member * regions.count + region) * time.count + index]
  }
  public subscript(region: Int, time index: Int) -> Double { self[0, region, time: index] }

  /// One row, by position. Shape `[time]`.
  public func row(member: Int = 0, region: Int) -> ArraySlice<Double> {
    let start = (member * regions.count + region) * time.count
    return values[start..<start + time.count]
  }

  /// Maximum minus minimum over the members present of each region and time (Eq. 7); missing when fewer than two.
  ///
  /// - Returns: `[region, time]`, the unit of the series.
  public var range: Series {
    combiningMembers(name: "\(name)_range") { present in
      present.count < 2 ? .nan : (present.max() ?? .nan) - (present.min() ?? .nan)
    }
  }

  /// The mean over the members present; missing where none is. Shape `[region, time]`.
  public func memberMean() -> Series {
    combiningMembers(name: name) { present in present.isEmpty ? .nan : present.reduce(0, +) / Double(present.count) }
  }

  /// The standard deviation (n − 1) over the members present; missing when fewer than two. Shape `[region, time]`.
  public func memberStandardDeviation() -> Series {
    combiningMembers(name: "\(name)_std") { present in
      guard present.count > 1 else { return .nan }
      let mean = present.reduce(0, +) / Double(present.count)
      return (present.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(present.count - 1)).squareRoot()
    }
  }

  /// The sum over all regions as one region `globe`; missing where a region is.
  public func total(named region: String = "globe") -> Series {
    var sums: [Double] = []
    for member in 0..<memberCount {
      for index in 0..<time.count { sums.append(regions.indices.reduce(0) { $0 + self[member, $1, time: index] }) }
    }
    return Series(unchecked: name, unit, time, [region], regionArea.map { [$0.reduce(0, +)] }, members, sums, notes)
  }

  /// A series of the same axes with other values.
  func with(name: String? = nil, unit: Unit? = nil, values: [Double], note: String? = nil) -> Series {
    Series(
      unchecked: name ?? self.name, unit ?? self.unit, time, regions, regionArea, members, values,
      notes + (note.map { [$0] } ?? []))
  }

  /// A series of other times, whose rows are made one by one.
  func remaking(time: TimeAxis, unit: Unit? = nil, note: String? = nil, _ body: (ArraySlice<Double>) -> [Double]) -> Series {
    let rows = (0..<rowCount).flatMap { body(values[$0 * self.time.count..<($0 + 1) * self.time.count]) }
    return Series(
      unchecked: name, unit ?? self.unit, time, regions, regionArea, members, rows, notes + (note.map { [$0] } ?? []))
  }

  private func combiningMembers(name: String, _ combine: ([Double]) -> Double) -> Series {
    let size = regions.count * time.count
    var present: [Double] = []
    let combined = (0..<size).map { place in
      present.removeAll(keepingCapacity: true)
      for member in 0..<memberCount {
        let value = values[member * size + place]
        if !value.isNaN { present.append(value) }
      }
      return combine(present)
    }
    return Series(unchecked: name, unit, time, regions, regionArea, nil, combined, notes)
  }
}
