import FluxCore

/// A random draw of pixels, spread over groups of alike ones.
public enum StratifiedDraw {
  /// How many of the draw come from each group: by its size, by the root of its size, or the same from all.
  public enum Allocation: String, Sendable, CaseIterable { case proportional, root, equal }

  /// Draws without replacement, at least one of each group, and more from the others where a group has too few.
  ///
  /// - Parameters:
  ///   - labels: the group of each pixel, from 0.
  ///   - count: how many to draw; all of them when there are no more.
  /// - Returns: indices of pixels, ascending.
  public static func draw(_ labels: [Int], count: Int, allocation: Allocation = .proportional, seed: UInt64) -> [Int] {
    guard labels.count > count else { return Array(labels.indices) }
    var random = RandomStream(seed: seed, purpose: "candidates")
    let groups = Dictionary(grouping: labels.indices) { labels[$0] }.sorted { $0.key < $1.key }.map(\.value)
    let sizes = groups.map { group in
      switch allocation {
      case .proportional: Double(group.count)
      case .root: Double(group.count).squareRoot()
      case .equal: 1.0
      }
    }
    let shares = sizes.map { Double(count) * $0 / sizes.reduce(0, +) }
    var take = zip(groups, shares).map { min($0.count, max(1, Int($1))) }
    // The largest remainders get what rounding down left over; then whoever has pixels left.
    let order = groups.indices.sorted { (shares[$0] - shares[$0].rounded(.down), $1) > (shares[$1] - shares[$1].rounded(.down), $0) }
    var i = 0, missing = count - take.reduce(0, +)
    while missing > 0 {
      let g = order[i % order.count]
      if take[g] < groups[g].count {
        take[g] += 1
        missing -= 1
      }
      i += 1
    }
    return zip(groups, take).flatMap { group, n in random.permutation(group.count).prefix(n).map { group[$0] } }.sorted()
  }
}
