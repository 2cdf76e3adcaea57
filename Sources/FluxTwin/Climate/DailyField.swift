import FluxCore
import Glibc

/// One daily quantity of every pixel, or of some pixels in a row, in memory: `[pixel][day]`, a pixel's series contiguous.
///
/// Different pixels may be written by different threads.
public final class DailyField: @unchecked Sendable {
  public let pixelCount: Int
  public let dayCount: Int
  private let firstPixel: Int
  let base: UnsafeMutablePointer<Float>

  /// - Throws: ``FluxError`` when the memory cannot be had.
  convenience init(pixels: Int, days: Int, name: String) throws { try self.init(0..<pixels, days: days, name: name) }

  /// - Throws: ``FluxError`` when the memory cannot be had.
  init(_ range: Range<Int>, days: Int, name: String) throws {
    let pixels = range.count
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
    firstPixel = range.lowerBound
    dayCount = days
  }

  deinit { free(base) }

  /// The series of one pixel. Shape `[day]`.
  func series(_ pixel: Int) -> UnsafeMutablePointer<Float> { base + (pixel - firstPixel) * dayCount }

  /// The value of a pixel on a day counted from 0.
  public subscript(pixel: Int, day: Int) -> Float { base[(pixel - firstPixel) * dayCount + day] }
}
