import FluxCore

/// Groups of pixels with a similar mean seasonal cycle, from which candidates are drawn.
public enum Strata {
  /// The group of each pixel, by k-means on z-scored cycles, 20 seeded starts (k-means++).
  ///
  /// Pixels whose cycle has a standard deviation below 0.1 gC m⁻² d⁻¹ form the last
  /// group of their own: their shape is noise.
  ///
  /// - Parameters:
  ///   - cycles: mean seasonal cycles, gC m⁻² d⁻¹. Shape `[pixel][slot]`.
  ///   - count: how many groups of varying pixels, at most.
  /// - Returns: labels from 0. Shape `[pixel]`.
  public static func of(_ cycles: [[Double]], count: Int, seed: UInt64) throws -> [Int] {
    var labels = [Int](repeating: -1, count: cycles.count)
    var varying: [Int] = [], shapes: [[Double]] = []
    for (i, cycle) in cycles.enumerated() {
      let mean = cycle.reduce(0, +) / Double(cycle.count)
      let deviation = (cycle.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(cycle.count)).squareRoot()
      if deviation >= 0.1 {
        varying.append(i)
        shapes.append(cycle.map { ($0 - mean) / deviation })
      }
    }
    let k = min(count, varying.count)
    if k > 0 {
      var best: (labels: [Int], spread: Double)?
      for start in 0..<20 {
        try Interrupt.check()
        var random = RandomStream(seed: seed &+ UInt64(start), purpose: "strata")
        let found = kMeans(shapes, k, &random)
        if found.spread < best?.spread ?? .infinity { best = found }
      }
      for (i, label) in zip(varying, best?.labels ?? []) { labels[i] = label }
    }
    return labels.map { $0 < 0 ? k : $0 }
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += (a[i] - b[i]) * (a[i] - b[i]) }
    return sum
  }

  private static func kMeans(_ points: [[Double]], _ k: Int, _ random: inout RandomStream) -> (labels: [Int], spread: Double) {
    var centres = [points[random.integer(below: points.count)]]
    var nearest = points.map { distance($0, centres[0]) }
    while centres.count < k {
      var mark = random.uniform() * nearest.reduce(0, +), chosen = points.count - 1
      for i in points.indices {
        mark -= nearest[i]
        if mark < 0 { chosen = i; break }
      }
      centres.append(points[chosen])
      for i in points.indices { nearest[i] = min(nearest[i], distance(points[i], points[chosen])) }
    }
    var labels = [Int](repeating: -1, count: points.count), spread = 0.0
    for _ in 0..<100 {
      var moved = false
      spread = 0
      for i in points.indices {
        var best = (label: 0, distance: Double.infinity)
        for c in 0..<k {
          let d = distance(points[i], centres[c])
          if d < best.distance { best = (c, d) }
        }
        spread += best.distance
        if labels[i] != best.label { labels[i] = best.label; moved = true }
      }
      if !moved { break }
      for c in 0..<k {
        let members = points.indices.filter { labels[$0] == c }
        guard !members.isEmpty else { continue }
        centres[c] = points[0].indices.map { s in members.reduce(0) { $0 + points[$1][s] } / Double(members.count) }
      }
    }
    return (labels, spread)
  }

  /// A random draw without replacement, each group in proportion to its size, at least one of each.
  ///
  /// - Parameters:
  ///   - labels: the group of each pixel, from 0.
  ///   - count: how many to draw; all of them when there are no more.
  /// - Returns: indices of pixels, ascending.
  public static func draw(_ labels: [Int], count: Int, seed: UInt64) -> [Int] {
    guard labels.count > count else { return Array(labels.indices) }
    var random = RandomStream(seed: seed, purpose: "candidates")
    let groups = Dictionary(grouping: labels.indices) { labels[$0] }.sorted { $0.key < $1.key }.map(\.value)
    // The largest remainders get what rounding down left over.
    let shares = groups.map { Double(count) * Double($0.count) / Double(labels.count) }
    var take = zip(groups, shares).map { min($0.count, max(1, Int($1))) }
    let order = groups.indices.sorted { (shares[$0] - shares[$0].rounded(.down), $1) > (shares[$1] - shares[$1].rounded(.down), $0) }
    var i = 0
    while take.reduce(0, +) < count, i < 10 * order.count {
      let g = order[i % order.count]
      if take[g] < groups[g].count { take[g] += 1 }
      i += 1
    }
    return zip(groups, take).flatMap { group, n in random.permutation(group.count).prefix(n).map { group[$0] } }.sorted()
  }
}
