import FluxCore
import Glibc

/// One aligned block of memory, freed with its last owner. Tensors are views on it.
final class Storage {
  let base: UnsafeMutableRawPointer
  let byteCount: Int
  /// Counts in-place changes, so that the tape can refuse a gradient through overwritten values.
  var version = 0

  /// - Throws: ``FluxError`` when more is asked for than the machine has available.
  init(byteCount: Int, zeroed: Bool, at place: String) throws {
    try AvailableMemory.require(byteCount, ofSize: 1, for: "the tensor", at: place)
    // Fresh large blocks come from the kernel already zeroed, and calloc knows it.
    var block: UnsafeMutableRawPointer?
    if zeroed && byteCount > 1 << 20 {
      block = calloc(byteCount, 1)
    } else {
      guard posix_memalign(&block, 64, max(byteCount, 64)) == 0 else { block = nil; throw Self.exhausted(byteCount, place) }
      if zeroed, let block { memset(block, 0, max(byteCount, 64)) }
    }
    guard let block else { throw Self.exhausted(byteCount, place) }
    base = block
    self.byteCount = byteCount
  }

  deinit { free(base) }

  private static func exhausted(_ byteCount: Int, _ place: String) -> FluxError {
    FluxError("the machine refused \(byteCount) bytes of memory", at: place, expected: "a size that fits",
      remedy: "Free what is no longer needed (t:free()), or ask for a smaller shape.")
  }
}
