import FluxCore
import FluxData

/// Which plants grow where a bridge looks, beside which grow in the whole regions (paper Figs. B3, B4).
///
/// As in the paper a pixel counts once, for the plant functional type that covers most of it; pixels without any cover do not count.
public struct PlantTypeShares: Sendable {
  /// Names of the plant functional types.
  public let types: [String]
  /// Codes in the order of the bridge.
  public let regions: [String]
  /// Contributing pixels by type. Shape `[region][type]`.
  public let contributing: [[Int]]
  /// All pixels of the region by type. Shape `[region][type]`.
  public let all: [[Int]]

  /// - Parameter cube: fractions, shape `[type, lat, lon]`, on the grid of the bridge's drivers.
  /// - Throws: ``FluxError`` when the cube has no types or lies on another grid, or the bridge does not know its mask.
  public init(_ bridge: any Sampled, _ cube: Cube, at place: String) throws {
    let cover = try PlantTypeCover(cube, at: place)
    guard cover.matches(bridge.grid) else {
      throw FluxError("the plant functional types lie on another grid", at: place, expected: "that of the bridge's drivers",
        remedy: "Regrid them: pft:regrid(d.grid, \"conservative\").")
    }
    guard let mask = bridge.mask else {
      throw FluxError("the bridge does not know its regions' mask", at: place, expected: "a bridge of bridge.regional or bridge.load")
    }
    let places = try LabelChoice.places(of: bridge.regions, among: mask.codes)
    types = cover.types
    regions = bridge.regions
    func count(_ cells: some Sequence<Int>) -> [Int] {
      var counts = [Int](repeating: 0, count: cover.types.count)
      for cell in cells { if let type = cover.majority(cell) { counts[type] += 1 } }
      return counts
    }
    contributing = bridge.contributingCells.map(count)
    all = places.map { count(mask.entries(of: $0).cells) }
  }

  /// Shares of all contributing pixels, and of all pixels, of every region together: 0 to 1. Shape `[type]`.
  public var total: (contributing: [Double], all: [Double]) {
    func sum(_ counts: [[Int]]) -> [Int] { types.indices.map { type in counts.reduce(0) { $0 + $1[type] } } }
    return (Self.shares(sum(contributing)), Self.shares(sum(all)))
  }

  /// Counts as shares of their sum; NaN when there are none.
  public static func shares(_ counts: [Int]) -> [Double] {
    let sum = Double(counts.reduce(0, +))
    return counts.map { sum > 0 ? Double($0) / sum : .nan }
  }
}
