import FluxCore
import Glibc

/// One daily quantity of every pixel, in memory: `[pixel][day]`, a pixel's series contiguous.
///
/// Different pixels may be written by different threads.
public final class DailyField: @unchecked Sendable {
  public let pixelCount: Int
  public let dayCount: Int
  let base: UnsafeMutablePointer<Float>

  /// - Throws: ``FluxError`` when the memory cannot be had.
  init(pixels: Int, days: Int, name: String) throws {
    var raw: UnsafeMutableRawPointer?
    let bytes = max(64, pixels * days * MemoryLayout<Float>.stride)
    guard posix_memalign(&raw, 64, bytes) == 0, let raw else {
      throw FluxError(
        "no memory for \(name): \(bytes >> 20) MiB", at: "twin.archive", expected: "\(pixels) pixels x \(days) days to fit",
        remedy: "Use a coarser resolution or fewer years.")
    }
    memset(raw, 0, bytes)
    base = raw.bindMemory(to: Float.self, capacity: max(16, pixels * days))
    pixelCount = pixels
    dayCount = days
  }

  deinit { free(base) }

  /// The series of one pixel. Shape `[day]`.
  func series(_ pixel: Int) -> UnsafeMutablePointer<Float> { base + pixel * dayCount }

  /// The value of a pixel on a day counted from 0.
  public subscript(pixel: Int, day: Int) -> Float { base[pixel * dayCount + day] }
}
