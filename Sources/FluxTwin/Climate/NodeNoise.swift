import FluxCore
import Glibc

/// Smooth random fields: independent draws on nodes of 10°, interpolated to any point.
///
/// Nodes, not cells, carry the draws, so the same seed gives the same weather at every resolution.
struct NodeMap: Sendable {
  let rows: Int
  let columns: Int
  /// Four nodes around each pixel and weights with Σ w² = 1, so that interpolation keeps unit variance. Shape `[4 × pixel]`.
  let nodes: [Int32]
  let weights: [Float]

  /// The nodes near land, which alone carry series.
  let used: [Int]

  var nodeCount: Int { rows * columns }

  init(latitude: [Double], longitude: [Double], spacing: Double) {
    rows = max(2, Int((180 / spacing).rounded()))
    columns = 2 * rows
    var nodes: [Int32] = [], weights: [Float] = []
    let step = 180 / Double(rows)
    for pixel in latitude.indices {
      let y = min(Double(rows) - 1.000001, max(0, (latitude[pixel] + 90) / step - 0.5))
      let x = (longitude[pixel] + 180) / step - 0.5 + Double(columns)
      let row = Int(y), column = Int(x)
      let v = y - Double(row), u = x - Double(column)
      let w = [(1 - v) * (1 - u), (1 - v) * u, v * (1 - u), v * u]
      let norm = 1 / w.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for k in 0..<4 {
        nodes.append(Int32(min(rows - 1, row + k / 2) * columns + (column + k % 2) % columns))
        weights.append(Float(w[k] * norm))
      }
    }
    self.nodes = nodes
    self.weights = weights
    used = Set(nodes).map(Int.init).sorted()
  }

  /// One unit-normal field that does not change in time. Shape `[pixel]`.
  func texture(seed: UInt64, purpose: String) -> [Double] {
    var stream = RandomStream(seed: seed, purpose: purpose)
    let values = (0..<nodeCount).map { _ in stream.normal() }
    return (0..<nodes.count / 4).map { pixel -> Double in
      var sum = 0.0
      for corner in (4 * pixel)..<(4 * pixel + 4) { sum += Double(weights[corner]) * values[Int(nodes[corner])] }
      return sum
    }
  }
}

/// A first-order process of unit variance at every node: n(t) = φ n(t−1) + √(1 − φ²) ε.
final class NodeNoise: Sendable {
  let map: NodeMap
  let dayCount: Int
  private let series: [Float]  // [node][day]

  init(map: NodeMap, days: Int, memory: Double, seed: UInt64, purpose: String) {
    self.map = map
    dayCount = days
    let fresh = (1 - memory * memory).squareRoot()
    series = [Float](unsafeUninitializedCapacity: map.nodeCount * days) { buffer, count in
      nonisolated(unsafe) let base = buffer.baseAddress!
      buffer.initialize(repeating: 0)
      ThreadPool.forEach(map.used.count) { place, _ in
        let node = map.used[place]
        var stream = RandomStream(seed: seed, purpose: "\(purpose) \(node)")
        var value = stream.normal()
        for day in 0..<days {
          base[node * days + day] = Float(value)
          value = memory * value + fresh * stream.normal()
        }
      }
      count = map.nodeCount * days
    }
  }

  /// The interpolated series at a pixel, unit variance. Shape `[day]`.
  func interpolate(_ pixel: Int, into out: UnsafeMutablePointer<Float>) {
    series.withUnsafeBufferPointer { all in
      let base = all.baseAddress!
      let days = dayCount
      let a = base + Int(map.nodes[4 * pixel]) * days, b = base + Int(map.nodes[4 * pixel + 1]) * days
      let c = base + Int(map.nodes[4 * pixel + 2]) * days, d = base + Int(map.nodes[4 * pixel + 3]) * days
      let w = (map.weights[4 * pixel], map.weights[4 * pixel + 1], map.weights[4 * pixel + 2], map.weights[4 * pixel + 3])
      for day in 0..<days { out[day] = w.0 * a[day] + w.1 * b[day] + w.2 * c[day] + w.3 * d[day] }
    }
  }
}
