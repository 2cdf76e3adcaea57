import FluxCore

/// A fingerprint of every part of a store's drivers, so that damage is found and located, by all threads at once.
struct StoreChecksums: Equatable {
  /// Rows of `[pixel]` in a part: some megabytes at half a degree.
  static let rows = 32

  /// Of each driver's parts, drivers in order.
  let values: [UInt64]

  init(values: [UInt64]) { self.values = values }

  /// - Parameter onPart: called on the calling thread now and then with the share that is done.
  init(_ blocks: [DriverBlock], width: Int, onProgress: ((Double) -> Void)? = nil) throws {
    let parts = Self.parts(blocks.map { $0.count / max(1, width) })
    var values = [UInt64](repeating: 0, count: parts.count)
    let batch = 64
    for first in stride(from: 0, to: parts.count, by: batch) {
      try Interrupt.check()
      values.withUnsafeMutableBufferPointer { buffer in
        nonisolated(unsafe) let values = buffer
        ThreadPool.forEach(min(batch, parts.count - first)) { place, _ in
          let part = parts[first + place], block = blocks[part.driver]
          let run = UnsafeBufferPointer(start: block.base + part.rows.lowerBound * width, count: part.rows.count * width)
          values[first + place] = ContentHash.value(of: UnsafeRawBufferPointer(run))
        }
      }
      onProgress?(Double(first) / Double(parts.count))
    }
    self.values = values
  }

  /// The driver and rows of each part.
  static func parts(_ rowCounts: [Int]) -> [(driver: Int, rows: Range<Int>)] {
    rowCounts.enumerated().flatMap { driver, count in
      stride(from: 0, to: count, by: rows).map { (driver, $0..<min(count, $0 + rows)) }
    }
  }
}
