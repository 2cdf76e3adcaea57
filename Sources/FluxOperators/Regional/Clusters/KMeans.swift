import FluxCore
import Synchronization

/// Groups of points by their nearest centre, from several seeded starts (k-means++).
///
/// - Reference: Arthur and Vassilvitskii (2007), k-means++: the advantages of careful seeding.
enum KMeans {
  struct Result: Sendable {
    /// From 0. Shape `[point]`.
    var labels: [Int]
    /// Shape `[cluster, dimension]`.
    var centres: [Double]
    /// Sum of squared distances to the centres.
    var spread: Double
  }

  /// The best of all starts; the first of equals, so that it does not depend on the threads.
  ///
  /// - Parameter points: shape `[point, dimension]`.
  /// - Throws: ``Interrupted`` on Ctrl-C.
  static func best(_ points: [Double], dimensions: Int, clusters: Int, starts: Int, seed: UInt64, purpose: String) throws -> Result {
    let found = Mutex([Result?](repeating: nil, count: starts))
    ThreadPool.forEach(starts) { start, _ in
      if Interrupt.isPending { return }
      var random = RandomStream(seed: seed &+ UInt64(start), purpose: purpose)
      let result = run(points, dimensions, clusters, &random)
      found.withLock { $0[start] = result }
    }
    try Interrupt.check()
    let results = found.withLock { $0.compactMap { $0 } }
    return results.dropFirst().reduce(results[0]) { $1.spread < $0.spread ? $1 : $0 }
  }

  private static func run(_ points: [Double], _ d: Int, _ k: Int, _ random: inout RandomStream) -> Result {
    let n = points.count / d
    return points.withUnsafeBufferPointer { points in
      let x = points.baseAddress!
      func squares(_ point: Int, _ centre: UnsafePointer<Double>) -> Double {
        let p = x + point * d
        var sum = 0.0
        for c in 0..<d { let gap = p[c] - centre[c]; sum += gap * gap }
        return sum
      }
      var centres = [Double](repeating: 0, count: k * d)
      return centres.withUnsafeMutableBufferPointer { memory in
        let centres = memory.baseAddress!
        func place(_ point: Int, _ centre: Int) { (centres + centre * d).update(from: x + point * d, count: d) }
        place(random.integer(below: n), 0)
        var nearest = (0..<n).map { squares($0, centres) }
        for centre in 1..<max(1, k) where centre < k {
          var mark = random.uniform() * nearest.reduce(0, +), chosen = n - 1
          for i in 0..<n {
            mark -= nearest[i]
            if mark < 0 { chosen = i; break }
          }
          place(chosen, centre)
          for i in 0..<n { nearest[i] = min(nearest[i], squares(i, centres + centre * d)) }
        }
        var labels = [Int](repeating: -1, count: n), spread = 0.0
        for _ in 0..<300 {
          var moved = false
          spread = 0
          for i in 0..<n {
            var best = 0, least = Double.infinity
            for c in 0..<k {
              let distance = squares(i, centres + c * d)
              if distance < least { (best, least) = (c, distance) }
            }
            spread += least
            if labels[i] != best { (labels[i], moved) = (best, true) }
          }
          if !moved { break }
          var sums = [Double](repeating: 0, count: k * d), counts = [Double](repeating: 0, count: k)
          for i in 0..<n {
            counts[labels[i]] += 1
            for c in 0..<d { sums[labels[i] * d + c] += x[i * d + c] }
          }
          for c in 0..<k where counts[c] > 0 { for e in 0..<d { centres[c * d + e] = sums[c * d + e] / counts[c] } }
        }
        return Result(labels: labels, centres: Array(memory), spread: spread)
      }
    }
  }
}
