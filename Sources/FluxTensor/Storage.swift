import FluxCore
import Glibc

/// One aligned block of memory, freed with its last owner. Tensors are views on it.
final class Storage {
  let base: UnsafeMutableRawPointer
  let byteCount: Int
  /// The size class of ``BlockPool`` that the block came from; −1 for the system's, −2 for a mapped file.
  private let sizeClass: Int
  /// Counts in-place changes, so that the tape can refuse a gradient through overwritten values.
  var version = 0

  /// - Throws: ``FluxError`` when more is asked for than the machine has available.
  init(byteCount: Int, zeroed: Bool, at place: @autoclosure () -> String) throws {
    self.byteCount = byteCount
    if byteCount <= BlockPool.largest {
      sizeClass = BlockPool.sizeClass(byteCount)
      guard let block = TapeState.current.pool.take(sizeClass) else { throw Self.exhausted(byteCount, place()) }
      if zeroed { memset(block, 0, byteCount) }
      base = block
      return
    }
    sizeClass = -1
    if byteCount >= 1 << 24 { try AvailableMemory.require(byteCount, ofSize: 1, for: "the tensor", at: place()) }
    // Fresh large blocks come from the kernel already zeroed, and calloc knows it.
    var block: UnsafeMutableRawPointer?
    if zeroed && byteCount > 1 << 20 {
      block = calloc(byteCount, 1)
    } else {
      if posix_memalign(&block, 64, byteCount) != 0 { block = nil }
      if zeroed, let block { memset(block, 0, byteCount) }
    }
    guard let block else { throw Self.exhausted(byteCount, place()) }
    base = block
  }

  /// A file's bytes, read page by page when they are first looked at; what is written stays in memory.
  ///
  /// - Throws: ``FluxError`` when the system refuses.
  init(mapping file: Int32, byteCount: Int, path: String) throws {
    let pages = mmap(nil, max(1, byteCount), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, file, 0)
    guard let pages, pages != MAP_FAILED else {
      throw FluxError("the system does not map \(byteCount) bytes: \(String(cString: strerror(errno)))", at: path)
    }
    base = pages
    self.byteCount = byteCount
    sizeClass = -2
  }

  deinit {
    if sizeClass == -2 { munmap(base, max(1, byteCount)) } else if sizeClass >= 0 { TapeState.current.pool.give(base, sizeClass) } else { free(base) }
  }

  private static func exhausted(_ byteCount: Int, _ place: String) -> FluxError {
    FluxError("the machine refused \(byteCount) bytes of memory", at: place, expected: "a size that fits",
      remedy: "Free what is no longer needed (t:free()), or ask for a smaller shape.")
  }
}
