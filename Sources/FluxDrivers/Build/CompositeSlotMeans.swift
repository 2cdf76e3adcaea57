/// Means over the valid values that fall into each slot of one year.
struct CompositeSlotMeans {
  private let pixelCount: Int
  private var sum: [Float]
  private var valid: [UInt8]

  init(pixelCount: Int) {
    self.pixelCount = pixelCount
    sum = [Float](repeating: 0, count: SeasonalSlots.count * pixelCount)
    valid = [UInt8](repeating: 0, count: SeasonalSlots.count * pixelCount)
  }

  /// - Parameter row: shape `[pixel]`, NaN where missing.
  mutating func add(_ row: UnsafePointer<Float>, slot: Int) {
    let base = slot * pixelCount
    sum.withUnsafeMutableBufferPointer { sum in
      valid.withUnsafeMutableBufferPointer { valid in
        for pixel in 0..<pixelCount where row[pixel].isFinite && valid[base + pixel] < .max {
          sum[base + pixel] += row[pixel]
          valid[base + pixel] += 1
        }
      }
    }
  }

  /// Shape `[slot 46, pixel]`, NaN where nothing was valid.
  func finish() -> [Float] {
    zip(sum, valid).map { $1 == 0 ? .nan : $0 / Float($1) }
  }
}
