import FluxCore
import FluxData

extension Curve {
  /// A cube at one place, through time.
  public init(_ name: String, _ cube: Cube, colour: Colour = .black, at place: String) throws {
    guard let time = cube.time, cube.grid.cellCount == 1 || cube.dimensions == ["time"], cube.leadingCount == 1 else {
      throw FluxError("'\(cube.name)' has the dimensions \(cube.dimensions.joined(separator: ", ")) \(cube.shape)", at: place, expected: "time alone",
        remedy: "Take a place, c:at(lat, lon), a mean, c:mean{\"lat\", \"lon\"}, or regional totals, c:integral(regions).")
    }
    let values = try cube.values().map(Double.init)
    self.init(name, x: time.isCycle ? (0..<12).map(Double.init) : time.decimalYears(), y: values, colour: colour)
  }
}

extension Cube {
  /// An axis of its dates.
  public var timeAxis: Axis { time?.axis ?? Axis() }
}
