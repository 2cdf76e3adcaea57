import FluxCore
import FluxTensor

/// Spectral groups of more points than a whole matrix can hold: some are compared with each other and grouped, the others
/// follow the landmarks that they are most alike.
///
/// How far that can be trusted is measured on the landmarks themselves: each is taken out in turn, follows the others, and
/// should come back to its own group.
public struct LandmarkClusters: Sendable {
  /// From 0, the largest group first. Shape `[series]`.
  public let labels: [Int]
  public let sizes: [Int]
  /// How many landmarks there were; all series where the whole matrix was computed.
  public let landmarks: Int
  /// The share of landmarks that come back to their own group; 1 for the whole matrix.
  public let agreement: Double
  /// How many landmarks decide on a series.
  private static let followed = 5

  /// - Parameters:
  ///   - series: finite. Shape `[series, time]`.
  ///   - largest: up to so many series the whole matrix is computed; beyond, so many landmarks are drawn.
  /// - Throws: as ``DynamicTimeWarping/matrix(_:checkpoint:progress:)`` and ``SpectralClusters/init(distances:neighbours:_:)``.
  public init(
    series: Tensor, warping: DynamicTimeWarping, neighbours: Int = 10, largest: Int = 1500, _ options: SpectralClusters.Options
  ) throws {
    let n = series.shape[0], length = series.shape[1]
    guard n > largest else {
      let whole = try SpectralClusters(distances: warping.matrix(series), neighbours: neighbours, options)
      (labels, sizes, landmarks, agreement) = (whole.labels, whole.sizes, n, 1)
      return
    }
    var random = RandomStream(seed: options.seed, purpose: "landmarks")
    let chosen = random.permutation(n).prefix(largest).sorted(), values = series.doubles()
    let marks = try Tensor(chosen.flatMap { values[($0 * length)..<(($0 + 1) * length)] }, shape: [largest, length])
    let distances = try warping.matrix(marks), groups = try SpectralClusters(distances: distances, neighbours: neighbours, options)
    func vote(_ row: UnsafePointer<Double>, except own: Int) -> Int {
      let near = NeighbourGraph.nearest(row, largest, count: Self.followed, except: own).map { groups.labels[$0] }
      // Of equal votes that of the nearest.
      return near.max { a, b in near.count { $0 == a } < near.count { $0 == b } } ?? 0
    }
    let back = try distances.withDoubles { d in (0..<largest).count { vote(d + $0 * largest, except: $0) == groups.labels[$0] } }
    let isMark = Set(chosen), rest = (0..<n).filter { !isMark.contains($0) }
    var labels = [Int](repeating: 0, count: n)
    for (mark, i) in chosen.enumerated() { labels[i] = groups.labels[mark] }
    // In runs, so that the distances of all never lie in memory together.
    for first in stride(from: 0, to: rest.count, by: 1024) {
      let run = rest[first..<min(rest.count, first + 1024)]
      let own = try Tensor(run.flatMap { values[($0 * length)..<(($0 + 1) * length)] }, shape: [run.count, length])
      try warping.distances(from: own, to: marks).withDoubles { d in
        for (k, i) in run.enumerated() { labels[i] = vote(d + k * largest, except: -1) }
      }
    }
    (self.labels, sizes) = SpectralClusters.ordered(labels, groups.sizes.count)
    landmarks = largest
    agreement = Double(back) / Double(largest)
  }
}
