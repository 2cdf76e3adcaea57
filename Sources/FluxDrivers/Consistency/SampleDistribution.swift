/// The values of a sample in order, and where others fall among them.
struct SampleDistribution {
  /// Ascending, each value once.
  let values: [Float]
  /// How many of the sample are at most each value.
  let counts: [Int]
  let mean, standardDeviation: Double
  private let buckets: [Int32]
  private let scale: Float

  var count: Int { counts.last ?? 0 }

  /// - Parameter sample: in any order, nothing missing.
  init(_ sample: [Float]) {
    let sorted = sample.sorted()
    var values: [Float] = [], counts: [Int] = []
    for (index, value) in sorted.enumerated() {
      if values.last == value { counts[counts.count - 1] = index + 1 } else {
        values.append(value)
        counts.append(index + 1)
      }
    }
    let n = Double(max(1, sorted.count))
    let mean = sorted.reduce(0.0) { $0 + Double($1) } / n
    self.mean = sorted.isEmpty ? .nan : mean
    standardDeviation = sorted.isEmpty ? .nan : (sorted.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / n).squareRoot()
    self.values = values
    self.counts = counts
    // A first guess of a value's place: as many buckets as values, so that a search has a step or two.
    let size = min(values.count, 1 << 20), low = values.first ?? 0, width = (values.last ?? 0) - low
    let scale = width > 0 && (Float(size) / width).isFinite ? Float(size) / width : 0
    self.scale = scale
    var buckets = [Int32](repeating: Int32(values.count), count: size + 2)
    var next = 0
    for (index, value) in values.enumerated() {
      let bucket = scale > 0 ? min(size, Int((value - low) * scale)) : 0
      while next <= bucket {
        buckets[next] = Int32(index)
        next += 1
      }
    }
    self.buckets = buckets
  }

  /// The place of a value: 2 i before value i, 2 i + 1 on it, 2 n after the last.
  @inline(__always)
  func place(of x: Float, _ values: UnsafePointer<Float>, _ buckets: UnsafePointer<Int32>) -> Int {
    let n = self.values.count
    if n == 0 || x < values[0] { return 0 }
    if x > values[n - 1] { return 2 * n }
    let bucket = scale > 0 ? min(self.buckets.count - 2, Int((x - values[0]) * scale)) : 0
    // The bucket of a value never falls as the value grows, so those before this bucket's first are smaller, and those
    // from the next one's first on are not.
    var low = Int(buckets[bucket]), high = Int(buckets[bucket + 1])
    while low < high {
      let middle = (low + high) / 2
      if values[middle] < x { low = middle + 1 } else { high = middle }
    }
    return low < n && values[low] == x ? 2 * low + 1 : 2 * low
  }

  /// Calls `body` with pointers for ``place(of:_:_:)``.
  func withPointers<R>(_ body: (UnsafePointer<Float>, UnsafePointer<Int32>) -> R) -> R {
    (values.isEmpty ? [0] : values).withUnsafeBufferPointer { values in
      buckets.withUnsafeBufferPointer { buckets in body(values.baseAddress!, buckets.baseAddress!) }
    }
  }

  /// A quantile, linear between the values of the sample as NumPy's is; NaN of an empty one.
  func quantile(_ share: Double) -> Double {
    guard count > 0 else { return .nan }
    let at = share * Double(count - 1), below = Int(at)
    func value(_ rank: Int) -> Double {
      var low = 0, high = counts.count - 1
      while low < high {
        let middle = (low + high) / 2
        if counts[middle] <= rank { low = middle + 1 } else { high = middle }
      }
      return Double(values[low])
    }
    let a = value(below), b = value(min(count - 1, below + 1))
    return a + (at - Double(below)) * (b - a)
  }
}
