import FluxCore
import Glibc

/// Who is alike: each point joined with its nearest neighbours, and all of them connected by a minimum spanning tree.
enum NeighbourGraph {
  /// The affinity exp(−d² / 2s²), s the median distance, on the edges of the graph, 0 elsewhere and on the diagonal.
  ///
  /// - Parameters:
  ///   - distances: symmetric. Shape `[point, point]`.
  ///   - neighbours: of each point; an edge holds both ways.
  /// - Returns: shape `[point, point]`; nil when all distances are 0.
  static func affinity(distances: UnsafePointer<Double>, size n: Int, neighbours: Int) -> [Double]? {
    var upper: [Double] = []
    upper.reserveCapacity(n * (n - 1) / 2)
    for i in 0..<n { for j in (i + 1)..<max(i + 1, n) { upper.append(distances[i * n + j]) } }
    upper.sort()
    // Where more than half are alike, the smallest distance that is none of zero.
    let middle = upper.isEmpty ? 0 : upper[upper.count / 2]
    guard let scale = middle > 0 ? middle : upper.first(where: { $0 > 0 }) else { return nil }
    var affinity = [Double](repeating: 0, count: n * n)
    func join(_ i: Int, _ j: Int) {
      let d = distances[i * n + j] / scale
      let a = max(exp(-d * d / 2), 1e-12)
      (affinity[i * n + j], affinity[j * n + i]) = (a, a)
    }
    for i in 0..<n {
      for j in nearest(distances + i * n, n, count: neighbours, except: i) { join(i, j) }
    }
    for (i, j) in spanningTree(distances, n) { join(i, j) }
    return affinity
  }

  /// The places of the smallest entries of a row, the nearest first; of equals the first.
  static func nearest(_ row: UnsafePointer<Double>, _ n: Int, count: Int, except own: Int) -> [Int] {
    var found: [Int] = []
    for j in 0..<n where j != own {
      if found.count == count, row[j] >= row[found[count - 1]] { continue }
      if found.count == count { found.removeLast() }
      found.insert(j, at: found.firstIndex { row[$0] > row[j] } ?? found.count)
    }
    return found
  }

  /// The edges of least total length that connect all points (Prim 1957).
  static func spanningTree(_ distances: UnsafePointer<Double>, _ n: Int) -> [(Int, Int)] {
    var nearest = (0..<n).map { distances[$0] }, via = [Int](repeating: 0, count: n), isIn = [Bool](repeating: false, count: n)
    var edges: [(Int, Int)] = []
    isIn[0] = true
    for _ in 1..<max(1, n) {
      var next = -1
      for i in 0..<n where !isIn[i] && (next < 0 || nearest[i] < nearest[next]) { next = i }
      isIn[next] = true
      edges.append((via[next], next))
      for i in 0..<n where !isIn[i] && distances[next * n + i] < nearest[i] { (nearest[i], via[i]) = (distances[next * n + i], next) }
    }
    return edges
  }

  /// How many pieces a graph has whose edges are the entries above 0.
  static func components(_ affinity: UnsafePointer<Double>, _ n: Int) -> Int {
    var seen = [Bool](repeating: false, count: n), count = 0
    for start in 0..<n where !seen[start] {
      count += 1
      var queue = [start]
      seen[start] = true
      while let i = queue.popLast() {
        for j in 0..<n where !seen[j] && affinity[i * n + j] > 0 {
          seen[j] = true
          queue.append(j)
        }
      }
    }
    return count
  }
}
