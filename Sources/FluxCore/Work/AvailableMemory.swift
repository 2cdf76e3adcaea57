import Glibc

/// What the machine can still give.
public enum AvailableMemory {
  /// Bytes that can be allocated without swapping: `MemAvailable` of Linux.
  public static var bytes: Int {
    guard let file = fopen("/proc/meminfo", "r") else { return .max }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      guard text.starts(with: Array("MemAvailable:".utf8)) else { continue }
      let digits = text.filter { $0 >= 48 && $0 <= 57 }
      return Int(String(decoding: digits, as: UTF8.self)).map { $0 * 1024 } ?? .max
    }
    return .max
  }

  /// Throws when `count` values of `size` bytes do not fit, with both numbers, or when their product overflows.
  public static func require(_ count: Int, ofSize size: Int, for purpose: String, at place: String) throws {
    let (wanted, overflow) = count.multipliedReportingOverflow(by: size)
    // Small requests never ask the system: the question costs more than they do.
    if !overflow, wanted < 1 << 24 { return }
    let available = bytes
    guard overflow || wanted > available else { return }
    let asked = overflow ? "more than \(Int.max >> 30) GiB" : gibibytes(wanted)
    throw FluxError(
      "\(purpose) needs \(asked) of memory; \(gibibytes(available)) are free", at: place,
      remedy: "Take a smaller part at a time, or a machine with more memory.")
  }

  /// The product of lengths, or nil when it overflows.
  public static func product(_ lengths: some Sequence<Int>) -> Int? {
    var total = 1
    for length in lengths {
      let (next, overflow) = total.multipliedReportingOverflow(by: length)
      if overflow || length < 0 { return nil }
      total = next
    }
    return total
  }

  private static func gibibytes(_ bytes: Int) -> String {
    let tenths = Int((Double(bytes) / Double(1 << 30) * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) GiB"
  }
}
