import FluxCore

/// Which part of a cube is wanted; what is not said is whole. Ends are included, in any order.
public struct CubeSelection: Sendable {
  /// First and last day; a last day at midnight is taken whole.
  public var dates: (CalendarDate, CalendarDate)?
  /// Cells whose centre lies between, degrees north.
  public var latitudes: (Double, Double)?
  /// Cells whose centre lies between, degrees east. From west to east when the first is smaller; otherwise
  /// the shorter way: {10, -10} is 20° around Greenwich, {170, -170} is 20° across the date line.
  public var longitudes: (Double, Double)?
  /// Calendar months, 1…12.
  public var months: [Int]?
  public var years: (Int, Int)?
  /// Labels of the leading dimension.
  public var labels: [String]?
  /// A RECCAP2 region: the box around it, cells without any of its land missing.
  public var region: String?

  public init() {}
}

extension Cube {
  /// A view of a part of the cube; nothing is read.
  ///
  /// - Throws: ``FluxError`` when nothing is left, with the range that there is.
  public func selecting(_ selection: CubeSelection) throws -> Cube {
    let place = "cube:sel"
    var times: [Int]?
    if selection.dates != nil || selection.months != nil || selection.years != nil {
      guard let time else { throw FluxError("'\(name)' has no time axis", at: place, expected: "a selection by latitude and longitude only") }
      times = try selectedTimes(selection, of: time, at: place)
    }
    var rows = 0..<grid.rows
    if let (a, b) = selection.latitudes {
      let low = min(a, b) - 1e-9, high = max(a, b) + 1e-9
      let inside = grid.latitudes.indices.filter { grid.latitudes[$0] >= low && grid.latitudes[$0] <= high }
      guard let first = inside.first, let last = inside.last else {
        throw FluxError("no cell centre between latitudes \(a) and \(b)", at: place, expected: "a part of \(Self.span(grid.latitudes)) °N")
      }
      rows = first..<last + 1
    }
    var columns = Array(0..<grid.columns)
    if let (a, b) = selection.longitudes {
      columns = Self.columns(of: grid, from: a, to: b)
      if columns.isEmpty {
        throw FluxError("no cell centre between longitudes \(a) and \(b)", at: place, expected: "a part of \(Self.span(grid.longitudes)) °E")
      }
    }
    let members = try selection.labels.map { try selectedLabels($0, at: place) }
    let part = view(leading: members, times: times, rows: rows, columns: columns)
    return try selection.region.map { try part.masked(to: $0) } ?? part
  }

  /// The series of the cell nearest to a place.
  ///
  /// - Throws: ``FluxError`` for a place outside the grid.
  public func at(latitude: Double, longitude: Double) throws -> Cube {
    guard latitude.isFinite, longitude.isFinite, latitude.magnitude <= 90 else {
      throw FluxError("the place (\(latitude), \(longitude))", at: "cube:at", expected: "latitude -90…90 and longitude in degrees")
    }
    let row = grid.nearestRow(latitude), column = grid.nearestColumn(longitude)
    let height = grid.latitudeBounds[row], width = grid.longitudeBounds[column]
    let east = Grid.normalisedLongitude(longitude - grid.longitudes[column])
    let isFar = latitude < height.lower - (height.upper - height.lower) || latitude > height.upper + (height.upper - height.lower)
      || east.magnitude > width.upper - width.lower + 1e-9 && grid.columns > 1
    guard !isFar || grid.cellCount == 1 else {
      throw FluxError(
        "the place (\(latitude), \(longitude)) lies outside the grid", at: "cube:at",
        expected: "a place in \(Self.span(grid.latitudes)) °N, \(Self.span(grid.longitudes)) °E")
    }
    let cell = view(leading: nil, times: nil, rows: row..<row + 1, columns: [column])
    return cell.with(collapsed: ["lat", "lon"], source: cell.source)
  }

  /// One entry of the leading dimension, which is dropped.
  public func member(_ label: String) throws -> Cube {
    let picked = view(leading: try selectedLabels([label], at: "cube:member"), times: nil, rows: 0..<grid.rows, columns: Array(0..<grid.columns))
    return picked.with(leading: .some(nil), source: picked.source)
  }

  /// The times of the given indices, ascending.
  public func selecting(times: [Int]) -> Cube {
    view(leading: nil, times: times, rows: 0..<grid.rows, columns: Array(0..<grid.columns))
  }

  private func view(leading members: [Int]?, times: [Int]?, rows: Range<Int>, columns: [Int]) -> Cube {
    let part = Grid(
      latitudes: Array(grid.latitudes[rows]), longitudes: columns.map { grid.longitudes[$0] },
      latitudeBounds: Array(grid.latitudeBounds[rows]), longitudeBounds: columns.map { grid.longitudeBounds[$0] })
    let picked = leading.flatMap { leading in
      members.map { LeadingDimension(name: leading.name, labels: $0.map { leading.labels[$0] }) }
    }
    return with(
      grid: part, time: times.flatMap { times in time.map { $0.selecting(times) } }, leading: picked,
      source: SelectionSource(
        base: source, leading: members ?? Array(0..<leadingCount), times: times ?? Array(0..<timeCount), firstRow: rows.lowerBound,
        columns: columns))
  }

  private func selectedTimes(_ selection: CubeSelection, of time: TimeAxis, at place: String) throws -> [Int] {
    var range = 0..<time.count
    if let (a, b) = selection.dates {
      // "2001-12-31" as either end means the whole day.
      range = time.range(from: min(a, b), through: max(a, b))
    }
    var times = Array(range)
    if let (a, b) = selection.years { times = times.filter { (min(a, b)...max(a, b)).contains(time.dates[$0].year) } }
    if let months = selection.months {
      for month in months where !(1...12).contains(month) {
        throw FluxError("the month \(month)", at: place, expected: "a number from 1 to 12")
      }
      times = times.filter { months.contains(time.dates[$0].month) }
    }
    guard !times.isEmpty else {
      let span = time.dates.first.map { "\($0) … \(time.dates[time.count - 1])" } ?? "no dates"
      throw FluxError("no date of '\(name)' is selected", at: place, expected: "a part of \(span)")
    }
    return times
  }

  private func selectedLabels(_ labels: [String], at place: String) throws -> [Int] {
    guard let leading else { throw FluxError("'\(name)' has no dimension beside \(dimensions.joined(separator: ", "))", at: place) }
    return try labels.map { label in
      guard let index = leading.labels.firstIndex(of: label) else {
        throw FluxError(
          "no \(leading.name) '\(label)'" + NearestName.hint(label, among: leading.labels), at: place,
          expected: "one of \(leading.labels.prefix(20).joined(separator: ", "))")
      }
      return index
    }
  }

  private static func columns(of grid: Grid, from a: Double, to b: Double) -> [Int] {
    var west = a, east = b
    if a > b, a - b <= 180 { (west, east) = (b, a) } else if a > b { east += 360 }
    if east - west >= 360 { return Array(0..<grid.columns) }
    return grid.longitudes.indices.filter { column in
      // Degrees east of the western end, 0 ..< 360.
      let distance = Grid.normalisedLongitude(grid.longitudes[column] - west - 180 + 1e-9) + 180
      return distance <= east - west + 2e-9
    }
  }

  static func span(_ degrees: [Double]) -> String { "\(degrees.first ?? .nan) … \(degrees.last ?? .nan)" }
}

/// A part of another source: listed members, times and columns, rows from one on.
struct SelectionSource: CubeSource {
  let base: any CubeSource
  let leading, times: [Int]
  let firstRow: Int
  let columns: [Int]

  /// Views with gaps in time read their base in runs.
  var timeChunk: Int { base.timeChunk }

  func read(_ block: CubeBlock, into values: UnsafeMutableBufferPointer<Float>) throws {
    let rows = block.rows.lowerBound + firstRow..<block.rows.upperBound + firstRow
    let width = block.columns.count, map = block.rows.count * width
    for time in Self.runs(block.time, of: times) {
      for column in Self.runs(block.columns, of: columns) {
        let part = CubeBlock(leading: leading[block.leading], time: time.range, rows: rows, columns: column.range)
        let offset = time.first * map
        if column.range.count == width {
          try base.read(part, into: UnsafeMutableBufferPointer(rebasing: values[offset..<offset + part.size]))
          continue
        }
        let run = try base.read(part)
        for line in 0..<time.range.count * rows.count {
          for i in 0..<column.range.count { values[offset + line * width + column.first + i] = run[line * column.range.count + i] }
        }
      }
    }
  }

  /// Stretches of consecutive indices: where each starts within the block, and what it is in the base.
  private static func runs(_ range: Range<Int>, of indices: [Int]) -> [(first: Int, range: Range<Int>)] {
    var runs: [(first: Int, range: Range<Int>)] = []
    for position in range {
      let index = indices[position]
      if let last = runs.last, last.range.upperBound == index {
        runs[runs.count - 1].range = last.range.lowerBound..<index + 1
      } else {
        runs.append((position - range.lowerBound, index..<index + 1))
      }
    }
    return runs
  }
}
