import FluxCore
import Glibc

/// Blocks of series laid out for vector lanes, in memory that is aligned to 64 bytes.
final class PackedSeries: @unchecked Sendable {
  private let base: UnsafeMutablePointer<Double>
  private let values: Int

  /// - Parameter values: how many numbers a block has.
  /// - Throws: ``FluxError`` when there is no memory for it.
  init(blocks: Int, values: Int) throws {
    let bytes = blocks * values * 8
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, 64, max(64, bytes)) == 0, let memory else {
      throw FluxError("no memory for \(bytes) bytes of series", at: "bridge.dtw", remedy: "Compare fewer series at once.")
    }
    base = memory.assumingMemoryBound(to: Double.self)
    self.values = values
  }

  deinit { free(base) }

  func block(_ block: Int) -> UnsafeMutablePointer<Double> { base + block * values }
}
