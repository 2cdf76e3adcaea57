/// The distribution of a driver over the land, gathered value by value beside the one of a sample of towers.
struct GridTally {
  private(set) var weight = 0.0
  private(set) var outside = 0.0
  private(set) var beyond = 0.0
  private var sum = 0.0
  private var squares = 0.0
  /// Sums are of differences from the first value, which is of the size of the others.
  private var origin: Double?
  /// Weight at each of the sample's places.
  private var places: [Double]

  private let sample: SampleDistribution
  private let own: ClosedRange<Double>?
  private let all: ClosedRange<Double>?

  /// - Parameters:
  ///   - own: the range of this sample, nil when it is empty.
  ///   - all: the range of all towers.
  init(_ sample: SampleDistribution, own: ClosedRange<Double>?, all: ClosedRange<Double>?) {
    self.sample = sample
    self.own = own
    self.all = all
    places = [Double](repeating: 0, count: 2 * sample.values.count + 1)
  }

  /// Adds one row of the store.
  ///
  /// - Parameters:
  ///   - pixels: which of the row.
  ///   - weights: one for each of them.
  ///   - times: how often the row occurs.
  mutating func add(_ row: UnsafePointer<Float>, _ pixels: [Int], _ weights: [Double], times: Double) {
    guard let first = pixels.first else { return }
    let origin = self.origin ?? Double(row[first])
    self.origin = origin
    let ownLow = own?.lowerBound ?? -.infinity, ownHigh = own?.upperBound ?? .infinity
    let allLow = all?.lowerBound ?? -.infinity, allHigh = all?.upperBound ?? .infinity
    var weight = 0.0, sum = 0.0, squares = 0.0, outside = 0.0, beyond = 0.0
    sample.withPointers { values, buckets in
      places.withUnsafeMutableBufferPointer { places in
        for i in pixels.indices {
          let value = row[pixels[i]], x = Double(value), w = weights[i] * times, d = x - origin
          weight += w
          sum += w * d
          squares += w * d * d
          outside += x < ownLow || x > ownHigh ? w : 0
          beyond += x < allLow || x > allHigh ? w : 0
          places[sample.place(of: value, values, buckets)] += w
        }
      }
    }
    self.weight += weight
    self.sum += sum
    self.squares += squares
    self.outside += outside
    self.beyond += beyond
  }

  var mean: Double { weight > 0 ? (origin ?? 0) + sum / weight : .nan }

  var standardDeviation: Double {
    guard weight > 0 else { return .nan }
    return max(0, squares / weight - (sum / weight) * (sum / weight)).squareRoot()
  }

  /// Kolmogorov and Smirnov's: the largest difference between the shares that are at most x, of the towers and of the
  /// land, over all x. Between two values of the sample one share is flat and the other grows, so the ends decide.
  var kolmogorovSmirnov: Double {
    let n = Double(sample.count)
    guard n > 0, weight > 0 else { return .nan }
    var land = 0.0, towers = 0.0, largest = 0.0
    for index in sample.values.indices {
      land += places[2 * index]
      largest = max(largest, abs(land / weight - towers))
      land += places[2 * index + 1]
      towers = Double(sample.counts[index]) / n
      largest = max(largest, abs(land / weight - towers))
    }
    return min(1, largest)
  }
}
