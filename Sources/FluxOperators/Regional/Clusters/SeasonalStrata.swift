import FluxCore
import FluxTensor

/// Pixels with alike mean seasonal cycles, from which candidates are drawn (SCIENCE §6.1–2).
///
/// Cycles are compared by dynamic time warping and grouped by spectral clustering. Pixels whose cycle has a standard deviation below
/// 0.1 gC m⁻² d⁻¹ are the last group: their shape is noise.
public struct SeasonalStrata: Sendable {
  /// What is compared: shapes alone (z-scored cycles), or cycles as they are.
  public enum Scale: String, Sendable, CaseIterable { case zscore, none }

  public struct Options: Sendable {
    /// How many groups; nil takes the largest eigengap between 4 and 12. A group has ten pixels or more on average.
    public var count: Int?
    public var scale = Scale.zscore
    /// Steps of the cycle that a path may leave the diagonal by; nil for a tenth of its length, its length for no band.
    public var window: Int?
    public var neighbours = 10
    /// Up to so many pixels are all compared with each other.
    public var landmarks = 1500
    public var seed: UInt64 = 1
    public init() {}
  }

  /// The group of each pixel, from 0. Shape `[pixel]`.
  public let labels: [Int]
  public let count: Int
  /// Pixels that were compared with each other, and the share of them that landmarks put back into their group;
  /// see ``LandmarkClusters``.
  public let landmarks: Int
  public let agreement: Double

  /// - Parameter cycles: gC m⁻² d⁻¹. Shape `[pixel][slot]`.
  /// - Throws: ``Interrupted`` on Ctrl-C; ``FluxError`` for missing values.
  public init(_ cycles: [[Double]], _ options: Options = Options()) throws {
    var labels = [Int](repeating: -1, count: cycles.count), varying: [Int] = [], shapes: [Double] = []
    for (i, cycle) in cycles.enumerated() {
      let mean = cycle.reduce(0, +) / Double(cycle.count)
      let deviation = (cycle.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(cycle.count)).squareRoot()
      guard deviation >= 0.1 else { continue }
      varying.append(i)
      shapes += options.scale == .zscore ? cycle.map { ($0 - mean) / deviation } : cycle
    }
    let length = cycles.first?.count ?? 0, most = max(1, varying.count / 10)
    var groups = varying.isEmpty ? 0 : 1
    if most > 1 {
      var spectral = SpectralClusters.Options()
      spectral.count = options.count.map { max(1, min($0, most)) }
      spectral.range = min(4, most)...min(12, most)
      spectral.seed = options.seed
      let found = try LandmarkClusters(series: Tensor(shapes, shape: [varying.count, length]),
        warping: DynamicTimeWarping(window: options.window ?? DynamicTimeWarping.tenth(of: length)), neighbours: options.neighbours,
        largest: options.landmarks, spectral)
      for (i, label) in zip(varying, found.labels) { labels[i] = label }
      groups = found.sizes.count
      (landmarks, agreement) = (found.landmarks, found.agreement)
    } else {
      for i in varying { labels[i] = 0 }
      (landmarks, agreement) = (varying.count, 1)
    }
    self.labels = labels.map { $0 < 0 ? groups : $0 }
    count = groups + (varying.count < cycles.count ? 1 : 0)
  }
}
