import FluxCore
import FluxTensor

/// Groups of points by the smallest eigenvectors of their graph's normalised Laplacian, L = 1 − D^−½ W D^−½.
///
/// - Reference: Shi and Malik (2000), doi:10.1109/34.868688; von Luxburg (2007), doi:10.1007/s11222-007-9033-z.
public struct SpectralClusters: Sendable {
  public struct Options: Sendable {
    /// How many groups; nil takes the largest eigengap within ``range``.
    public var count: Int?
    public var range = 4...12
    /// Starts of k-means.
    public var starts = 20
    public var seed: UInt64 = 1
    public init() {}
  }

  /// From 0, the largest group first. Shape `[point]`.
  public let labels: [Int]
  /// Points of each group, descending. Shape `[group]`.
  public let sizes: [Int]
  /// The smallest of the Laplacian, ascending, one more than groups were possible.
  public let eigenvalues: [Double]
  /// Pieces of the graph that no edge joins.
  public let pieces: Int

  /// - Parameter affinity: symmetric, at least 0, larger where points are alike. Shape `[point, point]`.
  /// - Throws: ``FluxError`` when it is none, a point has no neighbour, or there are fewer points than groups;
  ///   ``Interrupted`` on Ctrl-C.
  public init(affinity: Tensor, _ options: Options = Options()) throws {
    let place = "bridge.clusters"
    guard affinity.rank == 2, affinity.shape[0] == affinity.shape[1], affinity.shape[0] > 0 else {
      throw FluxError("an affinity of shape \(affinity.shape)", at: place, expected: "[point, point]")
    }
    self = try affinity.withDoubles { w in
      let n = affinity.shape[0]
      for i in 0..<n {
        for j in 0...i {
          let (a, b) = (w[i * n + j], w[j * n + i])
          guard a.isFinite, a >= 0, abs(a - b) <= 1e-8 * max(a, b) else {
            throw FluxError("entries [\(i + 1), \(j + 1)] and [\(j + 1), \(i + 1)] are \(a) and \(b)", at: place, expected: "equal numbers, 0 or more",
              remedy: "Fill what is missing; make it symmetric with (w + w:t()) / 2.")
          }
        }
      }
      return try SpectralClusters(w, n, options)
    }
  }

  /// - Parameters:
  ///   - distances: symmetric, at least 0. Shape `[point, point]`.
  ///   - neighbours: see ``NeighbourGraph``.
  /// - Throws: as ``init(affinity:_:)``.
  public init(distances: Tensor, neighbours: Int = 10, _ options: Options = Options()) throws {
    let place = "bridge.clusters", n = distances.shape.dimensions.first ?? 0
    guard distances.rank == 2, distances.shape[1] == n, n > 0 else {
      throw FluxError("distances of shape \(distances.shape)", at: place, expected: "[point, point]")
    }
    guard neighbours >= 1 else { throw FluxError("\(neighbours) neighbours", at: place, expected: "1 or more") }
    self = try distances.withDoubles { d in
      for i in 0..<n {
        for j in 0...i where !(d[i * n + j].isFinite && d[i * n + j] >= 0 && d[i * n + j] == d[j * n + i]) {
          throw FluxError("the distances between \(j + 1) and \(i + 1) are \(d[j * n + i]) and \(d[i * n + j])", at: place,
            expected: "equal finite numbers, 0 or more", remedy: "Compare without `limit`; leave missing series out.")
        }
      }
      guard let affinity = NeighbourGraph.affinity(distances: d, size: n, neighbours: neighbours) else {
        return SpectralClusters(alike: n)
      }
      return try affinity.withUnsafeBufferPointer { try SpectralClusters($0.baseAddress!, n, options) }
    }
  }

  private init(labels: [Int], sizes: [Int], eigenvalues: [Double], pieces: Int) {
    (self.labels, self.sizes, self.eigenvalues, self.pieces) = (labels, sizes, eigenvalues, pieces)
  }

  /// All points are the same: one group.
  private init(alike n: Int) { self.init(labels: [Int](repeating: 0, count: n), sizes: [n], eigenvalues: [0], pieces: 1) }

  private init(_ affinity: UnsafePointer<Double>, _ n: Int, _ options: Options) throws {
    let place = "bridge.clusters"
    if let count = options.count, count < 1 || count > n {
      throw FluxError("\(count) groups of \(n) points", at: place, expected: "1 to \(n)")
    }
    if n == 1 { self.init(alike: 1); return }
    let upper = min(n - 1, options.count ?? options.range.upperBound), lower = min(upper, options.range.lowerBound)
    var scale = [Double](repeating: 0, count: n)
    for i in 0..<n {
      var degree = 0.0
      for j in 0..<n { degree += affinity[i * n + j] }
      guard degree > 0, degree.isFinite else {
        throw FluxError("point \(i + 1) is like no other: its affinities add up to \(degree)", at: place, expected: "a neighbour for each",
          remedy: "Leave it out, or give distances with {distances = true}: their graph is always connected.")
      }
      scale[i] = 1 / degree.squareRoot()
    }
      let normalised = try Tensor.makeDoubles([n, n], at: place) { m in
      for i in 0..<n { for j in 0..<n { m[i * n + j] = scale[i] * affinity[i * n + j] * scale[j] } }
    }
    let pairs = try normalised.withDoubles { try LeadingEigenvectors(of: $0, size: n, count: min(n, upper + 1), seed: options.seed) }
    let eigenvalues = pairs.values.map { 1 - $0 }
    let k = options.count ?? (lower...upper).max { a, b in
      let (gapA, gapB) = (eigenvalues[a] - eigenvalues[a - 1], eigenvalues[b] - eigenvalues[b - 1])
      return gapA < gapB || (gapA == gapB && a > b)
    } ?? upper
    let points = (0..<n).flatMap { i in (0..<k).map { pairs.vectors[$0][i] * scale[i] } }
    let found = try KMeans.best(points, dimensions: k, clusters: k, starts: options.starts, seed: options.seed, purpose: "clusters")
    let (labels, sizes) = Self.ordered(found.labels, k)
    self.init(labels: labels, sizes: sizes, eigenvalues: eigenvalues, pieces: NeighbourGraph.components(affinity, n))
  }

  /// Labels by the size of their group, descending; of equals the one whose first point comes first. Empty groups go.
  static func ordered(_ labels: [Int], _ k: Int) -> (labels: [Int], sizes: [Int]) {
    var sizes = [Int](repeating: 0, count: k), first = [Int](repeating: .max, count: k)
    for (i, label) in labels.enumerated() {
      sizes[label] += 1
      first[label] = min(first[label], i)
    }
    let order = (0..<k).filter { sizes[$0] > 0 }.sorted { (sizes[$1], first[$0]) < (sizes[$0], first[$1]) }
    var place = [Int](repeating: 0, count: k)
    for (new, old) in order.enumerated() { place[old] = new }
    return (labels.map { place[$0] }, order.map { sizes[$0] })
  }
}
