internal import CFluxKernels
import FluxCore
import FluxTensor

/// The weights of a network laid out as the kernels want them, and the fixed cut of work over threads.
///
/// Immutable: many threads may read it. Results do not depend on their number,
/// because samples are cut into blocks of a fixed size and partial sums are added in block order.
final class FusedNetwork: Sendable {
  private let widths: [Int]
  private let weightCount: Int
  /// All layers' padded weights, biases and transposes, one after the other, then mean and 1 / deviation.
  private let packed: [Float]
  private let weightStart, biasStart, transposedStart: [Int]
  private let meanStart: Int

  /// Samples in a block: large enough that folding the gradient is nothing, small enough for a tower batch to use two cores.
  private static let block = 2048

  init(_ model: MultilayerPerceptron) {
    widths = [model.inputs.count] + model.hidden + [1]
    weightCount = model.parameters.reduce(0) { $0 + $1.count }
    let unit = Int(FX_BLOCK)
    func padded(_ n: Int) -> Int { (n + unit - 1) / unit * unit }
    var packed: [Float] = [], weightStart: [Int] = [], biasStart: [Int] = [], transposedStart: [Int] = []
    let last = widths.count - 2
    for layer in 0...last {
      let w = model.parameters[2 * layer].floats(), b = model.parameters[2 * layer + 1].floats()
      let (from, to) = (widths[layer], widths[layer + 1])
      let columns = layer == last ? 1 : padded(to)
      weightStart.append(packed.count)
      for i in 0..<from { for j in 0..<columns { packed.append(j < to ? w[i * to + j] : 0) } }
      biasStart.append(packed.count)
      for j in 0..<columns { packed.append(j < to ? b[j] : 0) }
      transposedStart.append(packed.count)
      for j in 0..<to { for i in 0..<padded(from) { packed.append(i < from ? w[i * to + j] : 0) } }
    }
    meanStart = packed.count
    packed += model.normalisation.mean
    packed += model.normalisation.deviation.map { 1 / $0 }
    (self.packed, self.weightStart, self.biasStart, self.transposedStart) = (packed, weightStart, biasStart, transposedStart)
  }

  private func withNetwork<R>(_ body: (UnsafePointer<FxNetwork>) -> R) -> R {
    packed.withUnsafeBufferPointer { memory in
      let base = memory.baseAddress!
      var network = FxNetwork()
      network.layers = Int32(widths.count - 1)
      withUnsafeMutableBytes(of: &network.width) { raw in
        let w = raw.bindMemory(to: Int32.self)
        for i in widths.indices { w[i] = Int32(widths[i]) }
      }
      func set(_ starts: [Int], _ raw: UnsafeMutableRawBufferPointer) {
        let p = raw.bindMemory(to: UnsafePointer<Float>?.self)
        for i in starts.indices { p[i] = base + starts[i] }
      }
      withUnsafeMutableBytes(of: &network.weight) { set(weightStart, $0) }
      withUnsafeMutableBytes(of: &network.bias) { set(biasStart, $0) }
      withUnsafeMutableBytes(of: &network.transposed) { set(transposedStart, $0) }
      network.mean = base + meanStart
      network.inverse_deviation = base + meanStart + widths[0]
      return withUnsafePointer(to: network, body)
    }
  }

  /// NEE of `count` samples on the calling thread. Shape of the columns: `[driver][sample]`.
  func forward(columns: [UnsafePointer<Float>], _ count: Int, _ nee: UnsafeMutablePointer<Float>) {
    withNetwork { net in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: fx_network_scratch(net)) { scratch in
        let pointers = columns.map { Optional($0) }
        pointers.withUnsafeBufferPointer { fx_network_forward(net, $0.baseAddress!, 1, count, nee, scratch.baseAddress!) }
      }
    }
  }

  /// NEE of all rows, over all threads.
  func forward(rows x: UnsafePointer<Float>, _ samples: Int, _ nee: UnsafeMutablePointer<Float>) {
    let drivers = widths[0], block = Self.block
    nonisolated(unsafe) let x = x
    nonisolated(unsafe) let nee = nee
    ThreadPool.forEach((samples + block - 1) / block) { tile, _ in
      let first = tile * block, count = min(block, samples - first)
      self.withNetwork { net in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: fx_network_scratch(net)) { scratch in
          let pointers = (0..<drivers).map { Optional(x + first * drivers + $0) }
          pointers.withUnsafeBufferPointer {
            fx_network_forward(net, $0.baseAddress!, drivers, count, nee + first, scratch.baseAddress!)
          }
        }
      }
    }
  }

  /// Σ g ∂f/∂ω over all rows, in the order of the model's parameters.
  func gradient(rows x: UnsafePointer<Float>, _ samples: Int, _ g: UnsafePointer<Float>) -> [Double] {
    let drivers = widths[0], block = Self.block, weightCount = weightCount
    let blocks = (samples + block - 1) / block
    var partial = [Float](repeating: 0, count: blocks * weightCount)
    partial.withUnsafeMutableBufferPointer { partial in
      guard let start = partial.baseAddress else { return }
      nonisolated(unsafe) let partial = start
      nonisolated(unsafe) let x = x
      nonisolated(unsafe) let g = g
      ThreadPool.forEach(blocks) { tile, _ in
        let first = tile * block, count = min(block, samples - first)
        self.withNetwork { net in
          let scratchCount = fx_network_scratch(net), total = scratchCount + fx_network_accumulator(net)
          withUnsafeTemporaryAllocation(of: Float.self, capacity: total) { memory in
            let scratch = memory.baseAddress!, accumulator = scratch + scratchCount
            accumulator.update(repeating: 0, count: total - scratchCount)
            let pointers = (0..<drivers).map { Optional(x + first * drivers + $0) }
            pointers.withUnsafeBufferPointer {
              fx_network_gradient(net, $0.baseAddress!, drivers, count, g + first, nil, accumulator, scratch)
            }
            fx_network_fold(net, accumulator, partial + tile * weightCount)
          }
        }
      }
    }
    var sum = [Double](repeating: 0, count: weightCount)
    for tile in 0..<blocks { for k in 0..<weightCount { sum[k] += Double(partial[tile * weightCount + k]) } }
    return sum
  }

  /// Σ w f over each group of samples, over all threads. Shape `[group]`.
  func sums(_ groups: SampleGroups) throws -> [Double] { try pass(over: groups, jacobian: nil) }

  /// Σ w f over each group and its derivative by every weight, in one pass: while a tile is in cache its
  /// share of the Jacobian's row is accumulated, so that no activation is stored and none computed twice.
  ///
  /// - Returns: sums, shape `[group]`; Jacobian, shape `[group, weight]` in the order of the model's parameters.
  func sumsAndJacobian(_ groups: SampleGroups) throws -> (sums: [Double], jacobian: [Float]) {
    var jacobian = [Float](repeating: 0, count: groups.count * weightCount)
    let sums = try jacobian.withUnsafeMutableBufferPointer { try pass(over: groups, jacobian: $0.baseAddress) }
    return (sums, jacobian)
  }

  /// One group a piece of work: its sum, and its row of the Jacobian unless that is nil.
  private func pass(over groups: SampleGroups, jacobian: UnsafeMutablePointer<Float>?) throws -> [Double] {
    let drivers = widths[0], weightCount = weightCount, samples = groups.sampleCount, bounds = groups.bounds
    var sums = [Double](repeating: 0, count: groups.count)
    try sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums
      nonisolated(unsafe) let jacobian = jacobian
      try groups.withColumns { columns, weights in
        nonisolated(unsafe) let columns = columns
        nonisolated(unsafe) let weights = weights
        ThreadPool.forEach(groups.count) { group, _ in
          let first = bounds[group], count = bounds[group + 1] - first
          self.withNetwork { net in
            let scratchCount = fx_network_scratch(net)
            let total = scratchCount + fx_network_accumulator(net) + count
            withUnsafeTemporaryAllocation(of: Float.self, capacity: total) { memory in
              let scratch = memory.baseAddress!, nee = scratch + scratchCount, accumulator = nee + count
              let pointers = (0..<drivers).map { Optional(columns + $0 * samples + first) }
              pointers.withUnsafeBufferPointer { x in
                if let jacobian {
                  accumulator.update(repeating: 0, count: total - scratchCount - count)
                  fx_network_gradient(net, x.baseAddress!, 1, count, weights + first, nee, accumulator, scratch)
                  fx_network_fold(net, accumulator, jacobian + group * weightCount)
                } else {
                  fx_network_forward(net, x.baseAddress!, 1, count, nee, scratch)
                }
              }
              var sum = 0.0
              for s in 0..<count { sum += Double(weights[first + s]) * Double(nee[s]) }
              sums[group] = sum
            }
          }
        }
      }
    }
    return sums
  }
}
