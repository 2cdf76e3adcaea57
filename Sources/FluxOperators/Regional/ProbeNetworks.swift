import FluxCore
import FluxDrivers
import FluxModels

/// Networks with random weights, run over the land: samples of the class of functions that a bridge will carry.
///
/// A bridge fitted to one reference product reproduces that product. The model in training is another function of
/// the same drivers, and it moves; where the bridge's few pixels stand for the region in the reference only, training moves the
/// pixels and leaves the region behind. Weights that bring out the totals of many random networks as well are
/// a quadrature rule for networks.
struct ProbeNetworks: Sendable {
  let count: Int
  /// Months that each network was run over.
  let months: Int
  /// Monthly means, standardised over pixels and months. Shape `[probe][pixel][month]`.
  private let values: [[Float]]

  /// - Parameters:
  ///   - count: how many networks; each sees the first two years of the store.
  ///   - drivers: whose land pixels the networks run over.
  /// - Throws: ``Interrupted`` on Ctrl-C.
  init(_ count: Int, _ drivers: DriverStore, seed: UInt64) throws {
    self.count = count
    let years = Array(drivers.time.years.prefix(2)), normalisation = Self.normalisation(drivers)
    var months = 0
    values = try (0..<count).map { probe in
      let run = try ForwardRun(Self.network(drivers, normalisation, seed: seed &+ UInt64(probe)), drivers, years: years)
      months = run.time.count
      var sum = 0.0, squares = 0.0
      for value in run.nee where value.isFinite { sum += Double(value); squares += Double(value) * Double(value) }
      let size = Double(drivers.pixelCount * months), mean = sum / size
      let deviation = max(1e-12, (squares / size - mean * mean).squareRoot())
      return drivers.pixels.flatMap { cell in
        (0..<months).map { Float((Double(run.nee[$0 * drivers.grid.cellCount + cell]) - mean) / deviation) }
      }
    }
    self.months = months
  }

  /// All networks' months at a pixel of the store, of which the squares of a standard deviation of 1 add up to `scale²`.
  /// Shape `[probe × month]`.
  func rows(of pixel: Int, scale: Double) -> [Double] {
    guard count > 0 else { return [] }
    let unit = scale / Double(count * months).squareRoot()
    return values.flatMap { network in network[(pixel * months)..<((pixel + 1) * months)].map { Double($0) * unit } }
  }

  /// The flux network's shape, with biases that move its bends off the mean climate.
  private static func network(_ drivers: DriverStore, _ normalisation: Normalisation, seed: UInt64) throws -> MultilayerPerceptron {
    let network = try MultilayerPerceptron(inputs: drivers.names, seed: seed)
    network.normalisation = normalisation
    var random = RandomStream(seed: seed, purpose: "probe biases")
    var weights = network.weights, next = 0
    for (inputs, outputs) in zip(network.widths, network.widths.dropFirst()) {
      next += inputs * outputs
      for k in next..<(next + outputs) { weights[k] = random.normal() }
      next += outputs
    }
    try network.setWeights(weights)
    return network
  }

  /// Mean and standard deviation of each driver over land, from one day in sixteen.
  private static func normalisation(_ drivers: DriverStore) -> Normalisation {
    var mean: [Float] = [], deviation: [Float] = []
    for driver in 0..<drivers.driverCount {
      var sum = 0.0, squares = 0.0, count = 0.0
      for day in stride(from: 0, to: drivers.dayCount, by: 16) {
        for pixel in 0..<drivers.pixelCount {
          let value = Double(drivers.value(driver: driver, pixel: pixel, day: day))
          sum += value
          squares += value * value
          count += 1
        }
      }
      let centre = sum / count, spread = max(0, squares / count - centre * centre).squareRoot()
      mean.append(Float(centre))
      deviation.append(spread > 0 ? Float(spread) : 1)
    }
    return Normalisation(mean: mean, deviation: deviation)
  }
}
