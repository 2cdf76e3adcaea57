import FluxCore
import FluxDrivers

/// Networks with random weights over a store's drivers: samples of the class of functions that a network can become.
public struct ProbeNetwork {
  private let inputs: [String], normalisation: Normalisation

  /// - Parameter drivers: whose means and spreads over land the networks standardise by.
  public init(over drivers: DriverStore) {
    inputs = drivers.names
    normalisation = Normalisation(over: drivers)
  }

  /// The flux network's shape, with biases that move its bends off the mean climate.
  ///
  /// - Throws: ``FluxError`` when memory is short.
  public func draw(seed: UInt64) throws -> any SurfaceModel {
    let network = try MultilayerPerceptron(inputs: inputs, seed: seed)
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
}
