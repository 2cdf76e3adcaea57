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
    let years = Array(drivers.time.years.prefix(2)), networks = ProbeNetwork(over: drivers)
    var months = 0
    values = try (0..<count).map { probe in
      let run = try ForwardRun(networks.draw(seed: seed &+ UInt64(probe)), drivers, years: years)
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
}
