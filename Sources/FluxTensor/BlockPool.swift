import Glibc

/// Small blocks that were given back, kept for the next tensor of about their size.
///
/// A script on the tape makes and drops thousands of tensors of a few kilobytes a second; the
/// system's aligned allocator costs more than the arithmetic on them. Each thread has a pool
/// of its own, of at most ``keptBytes`` a size, so that memory stays bounded.
struct BlockPool {
  /// Sizes are powers of two: 64 bytes, 128, … 64 KiB.
  static let smallest = 64, largest = 1 << 16
  private static let classCount = 11
  private static let keptBytes = 1 << 19

  private var blocks = [[UnsafeMutableRawPointer]](repeating: [], count: classCount)

  static func sizeClass(_ byteCount: Int) -> Int {
    byteCount <= smallest ? 0 : Int.bitWidth - (byteCount - 1).leadingZeroBitCount - 6
  }

  mutating func take(_ sizeClass: Int) -> UnsafeMutableRawPointer? {
    if let block = blocks[sizeClass].popLast() { return block }
    var block: UnsafeMutableRawPointer?
    return posix_memalign(&block, 64, Self.smallest << sizeClass) == 0 ? block : nil
  }

  mutating func give(_ block: UnsafeMutableRawPointer, _ sizeClass: Int) {
    if blocks[sizeClass].count << (sizeClass + 6) < Self.keptBytes { blocks[sizeClass].append(block) } else { free(block) }
  }

  mutating func drain() {
    for kept in blocks { for block in kept { free(block) } }
    blocks = []
  }
}
