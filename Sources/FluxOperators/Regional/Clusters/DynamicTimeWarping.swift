internal import CFluxKernels
import FluxCore
import FluxTensor

/// Exact distances between series under dynamic time warping.
///
///   D(p, q) = c(a_p, b_q) + min(D(p−1, q−1), D(p−1, q), D(p, q−1)),   |p − q| ≤ window
///
/// with the squared difference as local cost and the square root of the last cell as distance; or the absolute
/// difference, and no root. The band is Sakoe and Chiba's: a path may leave the diagonal by `window` steps.
/// Thirty-two series are compared with one at a time, a vector lane each, in float64 and memory of the band alone.
///
/// - Units: those of the series (absolute cost, or the root of squares).
/// - Reference: Sakoe and Chiba (1978), doi:10.1109/TASSP.1978.1163055.
public struct DynamicTimeWarping: Sendable {
  public enum Cost: String, Sendable, CaseIterable { case squared, absolute }

  /// Steps that a path may leave the diagonal by; nil for no band.
  public var window: Int?
  public var cost = Cost.squared
  /// Whether the distance is the square root of the path's cost.
  public var root = true
  /// Distances above it may come back as infinity, as soon as that is certain; those up to it stay exact.
  public var limit = Double.infinity

  /// - Parameter window: see ``window``; a tenth of the length is the regional bridge's (``tenth(of:)``).
  public init(window: Int?) { self.window = window }

  /// The usual band: a tenth of the series' length, rounded up.
  public static func tenth(of length: Int) -> Int { (length + 9) / 10 }

  /// Series that are compared together.
  private static let lanes = Int(FX_WARP_LANES)

  /// All pairs of one list.
  ///
  /// - Parameters:
  ///   - series: finite, float32 or float64. Shape `[series, time]`.
  ///   - checkpoint: a file that keeps what is done: after Ctrl-C, or the end of the process, the next call with
  ///     the same series goes on from there.
  ///   - progress: called on this thread with the share that is done.
  /// - Returns: float64, symmetric, zero on the diagonal. Shape `[series, series]`.
  /// - Throws: ``FluxError`` for a missing value, too few times, a negative window, a checkpoint of other series, or when
  ///   the matrix does not fit in memory; ``Interrupted`` on Ctrl-C.
  public func matrix(_ series: Tensor, checkpoint: String? = nil, progress: (Double) -> Void = { _ in }) throws -> Tensor {
    try distances(from: series, to: nil, checkpoint: checkpoint, progress: progress)
  }

  /// Each series of one list to each of another.
  ///
  /// - Returns: float64. Shape `[series, other]`.
  /// - Throws: as ``matrix(_:checkpoint:progress:)``; also when the lengths differ.
  public func distances(
    from series: Tensor, to others: Tensor?, checkpoint: String? = nil, progress: (Double) -> Void = { _ in }
  ) throws -> Tensor {
    let place = "bridge.dtw"
    let rows = try Self.values(series, place), columns = try others.map { try Self.values($0, place) }
    let length = series.shape[1], m = others?.shape[0] ?? series.shape[0]
    if let others, others.shape[1] != length {
      throw FluxError("series of \(length) times against series of \(others.shape[1])", at: place, expected: "one length",
        remedy: "Bring both to the same times first, for example to mean seasonal cycles.")
    }
    if let window, window < 0 { throw FluxError("the window is \(window)", at: place, expected: "steps, 0 or more, or \"none\"") }
    let journal = try checkpoint.map { try DistanceJournal($0, key: key(rows, columns, length), tileValues: Self.lanes * Self.lanes) }
    return try Tensor.makeDoubles([series.shape[0], m], at: place) { out in
      try fill(out, rows, columns ?? rows, length, symmetric: others == nil, journal, progress)
    }
  }

  private static func values(_ series: Tensor, _ place: String) throws -> [Double] {
    guard series.rank == 2, series.shape[0] > 0, series.shape[1] > 0 else {
      throw FluxError("series of shape \(series.shape)", at: place, expected: "[series, time], at least one of each")
    }
    let values = series.doubles(), length = series.shape[1]
    if let missing = values.firstIndex(where: { !$0.isFinite }) {
      throw FluxError("series \(missing / length + 1) is \(values[missing].isNaN ? "missing" : "infinite") at time \(missing % length + 1)", at: place,
        expected: "finite numbers", remedy: "Fill the gaps, or leave those series out.")
    }
    return values
  }

  /// What a checkpoint must agree on.
  private func key(_ rows: [Double], _ columns: [Double]?, _ length: Int) -> String {
    var hash = ContentHash()
    hash.combine(rows)
    if let columns { hash.combine(columns) }
    hash.combine("\(length) \(window ?? -1) \(cost.rawValue) \(root) \(limit)")
    return hash.description
  }

  /// Tiles of 32 × 32 pairs, each written to its own place: the result does not depend on the threads.
  private func fill(
    _ out: UnsafeMutablePointer<Double>, _ rows: [Double], _ columns: [Double], _ length: Int, symmetric: Bool,
    _ journal: DistanceJournal?, _ progress: (Double) -> Void
  ) throws {
    let lanes = Self.lanes, n = rows.count / length, m = columns.count / length, band = min(window ?? length, length - 1)
    let packed = try Self.packed(columns, m, length)
    let rowBlocks = (n + lanes - 1) / lanes, columnBlocks = (m + lanes - 1) / lanes
    let tiles = (0..<rowBlocks).flatMap { i in ((symmetric ? i : 0)..<columnBlocks).map { (i, $0) } }
    // A little more than the limit, so that rounding never takes a distance that equals it.
    let hopeless = (root ? limit * limit : limit) * (1 + 1e-12), scratchCount = fx_warp_scratch(length, band)
    let (root, limit, absolute) = (root, limit, cost == .absolute)
    nonisolated(unsafe) let out = out
    let share = WorkShare(tiles.count)
    withoutActuallyEscaping(progress) { progress in
      nonisolated(unsafe) let progress = progress
      ThreadPool.forEach(tiles.count) { tile, worker in
        if Interrupt.isPending { return }
        let (i, j) = tiles[tile], columnCount = min(lanes, m - j * lanes), firstColumn = j * lanes
        func put(_ row: Int, _ values: UnsafePointer<Double>) {
          for lane in 0..<columnCount {
            out[row * m + firstColumn + lane] = values[lane]
            if symmetric { out[(firstColumn + lane) * n + row] = values[lane] }
          }
        }
        let rowRange = (i * lanes)..<min(n, (i + 1) * lanes)
        if let kept = journal?.tile(tile) {
          kept.withUnsafeBufferPointer { for (k, row) in rowRange.enumerated() { put(row, $0.baseAddress! + k * lanes) } }
        } else {
          withUnsafeTemporaryAllocation(byteCount: (scratchCount + lanes * lanes) * 8, alignment: 64) { memory in
            let scratch = memory.baseAddress!.assumingMemoryBound(to: Double.self), results = scratch + scratchCount
            results.update(repeating: 0, count: lanes * lanes)
            for (k, row) in rowRange.enumerated() {
              if Interrupt.isPending { return }
              let values = results + k * lanes
              rows.withUnsafeBufferPointer {
                fx_warp($0.baseAddress! + row * length, packed.block(j), length, band, absolute ? 1 : 0, hopeless, scratch, values)
              }
              for lane in 0..<lanes {
                let distance = root ? values[lane].squareRoot() : values[lane]
                values[lane] = distance > limit ? .infinity : distance
              }
              put(row, values)
            }
            journal?.add(tile, UnsafeBufferPointer(start: results, count: lanes * lanes))
          }
        }
        let done = share.add()
        if worker == 0 { progress(done) }
      }
    }
    try Interrupt.check()
    try journal?.check()
  }

  /// Thirty-two series side by side, time after time: what the vector lanes read. Lanes without a series repeat the last one.
  private static func packed(_ series: [Double], _ count: Int, _ length: Int) throws -> PackedSeries {
    let blocks = (count + lanes - 1) / lanes
    let packed = try PackedSeries(blocks: blocks, values: length * lanes)
    series.withUnsafeBufferPointer { series in
      for block in 0..<blocks {
        let out = packed.block(block)
        for lane in 0..<lanes {
          let from = series.baseAddress! + min(count - 1, block * lanes + lane) * length
          for t in 0..<length { out[t * lanes + lane] = from[t] }
        }
      }
    }
    return packed
  }
}
