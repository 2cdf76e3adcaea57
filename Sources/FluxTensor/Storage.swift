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
    if byteCount > Self.unquestioned {
      let available = Self.availableMemory
      guard byteCount <= available else {
        throw FluxError("the tensor needs \(Self.text(byteCount)), \(Self.text(available)) of memory are available", at: place,
          expected: "a size that fits", remedy: "Ask for a smaller shape, or work region by region.")
      }
    }
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

  private static let unquestioned = 64 << 20

  private static func exhausted(_ byteCount: Int, _ place: String) -> FluxError {
    FluxError("the machine refused \(text(byteCount)) of memory", at: place, expected: "a size that fits",
      remedy: "Free what is no longer needed (t:free()), or ask for a smaller shape.")
  }

  /// Bytes that the kernel says can still be had without swapping (`MemAvailable`).
  static var availableMemory: Int {
    guard let file = fopen("/proc/meminfo", "r") else { return .max }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, file) != nil {
      var kibibytes = 0
      let prefix = "MemAvailable:"
      if strncmp(line, prefix, prefix.utf8.count) == 0 {
        kibibytes = line.withUnsafeBufferPointer { strtol($0.baseAddress! + prefix.utf8.count, nil, 10) }
        return kibibytes * 1024
      }
    }
    return .max
  }

  static func text(_ bytes: Int) -> String {
    let gib = Double(bytes) / 1_073_741_824
    if gib >= 1 { return "\((gib * 10).rounded() / 10) GiB" }
    return "\((Double(bytes) / 1_048_576 * 10).rounded() / 10) MiB"
  }
}
