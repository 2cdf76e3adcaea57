import FluxCore
import FluxData

/// Which plants cover the cells of a grid.
public struct PlantTypeCover: Sendable {
  /// Names of the plant functional types.
  public let types: [String]
  private let grid: Grid
  /// 0 to 1, NaN at sea. Shape `[type, cell]`.
  private let fractions: [Float]

  /// - Parameter cube: fractions, shape `[type, lat, lon]`.
  /// - Throws: ``FluxError`` when it has no types, or changes in time.
  public init(_ cube: Cube, at place: String) throws {
    guard let leading = cube.leading, cube.time == nil else {
      throw FluxError("the cube '\(cube.name)' has dimensions \(cube.dimensions.joined(separator: ", "))", at: place,
        expected: "fractions of plant functional types, [type, lat, lon]")
    }
    (types, grid, fractions) = (leading.labels, cube.grid, try cube.values())
  }

  func matches(_ other: Grid) -> Bool { grid.matches(other) }

  /// The type that covers most of a cell, the first of equals; nil where there is no cover.
  func majority(_ cell: Int) -> Int? {
    var best: Int?, most: Float = 0
    for type in types.indices where fractions[type * grid.cellCount + cell] > most {
      (best, most) = (type, fractions[type * grid.cellCount + cell])
    }
    return best
  }

  /// The mean cover of some cells, each with its weight; cells without cover are left out.
  ///
  /// - Returns: shape `[type]`; NaN when no cell has any.
  func mean(_ cells: [Int], weights: [Double]? = nil) -> [Double] {
    var sum = [Double](repeating: 0, count: types.count), total = 0.0
    for (k, cell) in cells.enumerated() where fractions[cell].isFinite {
      let weight = weights?[k] ?? 1
      total += weight
      for type in types.indices { sum[type] += weight * Double(fractions[type * grid.cellCount + cell]) }
    }
    return sum.map { total > 0 ? $0 / total : .nan }
  }
}
