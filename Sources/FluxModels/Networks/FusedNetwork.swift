internal import CFluxKernels
import FluxCore
import FluxTensor

/// The weights of a network laid out as the kernels want them, and the fixed cut of work over threads.
///
/// Immutable: many threads may read it. Results do not depend on their number,
/// because samples are cut into blocks of a fixed size and partial sums are added in block order.
final class FusedNetwork: Sendable {
  private let widths: [Int]
  private let activation: Activation
  private let weightCount: Int
  /// All layers' padded weights, biases and transposes, one after the other, then mean and 1 / deviation.
  private let packed: [Float]
  private let weightStart, biasStart, transposedStart: [Int]
  private let meanStart: Int

  /// Samples in a block, whole tiles: large enough that folding the gradient is little, small enough that a tower
  /// batch of 10,000 is eight of them, which two, four or eight cores share evenly.
  private static let block = 10 * Int(FX_TILE)

  init(_ model: MultilayerPerceptron) {
    widths = model.widths
    activation = model.activation
    weightCount = model.parameters.reduce(0) { $0 + $1.count }
    let unit = Int(FX_BLOCK)
    func padded(_ n: Int) -> Int { (n + unit - 1) / unit * unit }
    var weightStart: [Int] = [], biasStart: [Int] = [], transposedStart: [Int] = [], size = 0
    let widths = widths, last = widths.count - 2
    func columns(_ layer: Int) -> Int { layer == last ? 1 : padded(widths[layer + 1]) }
    for layer in 0...last {
      weightStart.append(size)
      biasStart.append(size + widths[layer] * columns(layer))
      transposedStart.append(biasStart[layer] + columns(layer))
      size = transposedStart[layer] + widths[layer + 1] * padded(widths[layer])
    }
    meanStart = size
    let packed = [Float](unsafeUninitializedCapacity: size + 2 * widths[0]) { packed, count in
      count = packed.count
      packed.initialize(repeating: 0)
      for layer in 0...last {
        let (from, to) = (widths[layer], widths[layer + 1]), columns = columns(layer), rows = padded(from)
        let (weight, bias, transposed) = (weightStart[layer], biasStart[layer], transposedStart[layer])
        let w = model.parameters[2 * layer].floats(), b = model.parameters[2 * layer + 1].floats()
        for i in 0..<from {
          for j in 0..<to {
            packed[weight + i * columns + j] = w[i * to + j]
            packed[transposed + j * rows + i] = w[i * to + j]
          }
        }
        for j in 0..<to { packed[bias + j] = b[j] }
      }
      for k in 0..<widths[0] {
        packed[size + k] = model.normalisation.mean[k]
        packed[size + widths[0] + k] = 1 / model.normalisation.deviation[k]
      }
    }
    (self.packed, self.weightStart, self.biasStart, self.transposedStart) = (packed, weightStart, biasStart, transposedStart)
  }

  private func withNetwork<R>(_ body: (UnsafePointer<FxNetwork>) -> R) -> R {
    packed.withUnsafeBufferPointer { memory in
      let base = memory.baseAddress!
      var network = FxNetwork()
      network.layers = Int32(widths.count - 1)
      network.activation = activation.code
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

  /// What a network makes of places whose constant and seasonal drivers return every year.
  struct Season {
    /// Of one day of the year: the drivers' numbers `slow`, and a column of each.
    let base: (_ columns: [UnsafePointer<Float>]) -> Void
    /// Of one day: the drivers' numbers `daily`, and a column of each.
    let day: (_ columns: [UnsafePointer<Float>], _ nee: UnsafeMutablePointer<Float>) -> Void
  }

  /// Whether ``withSeason(_:slow:daily:_:)`` is possible.
  var hasHiddenLayer: Bool { widths.count > 2 }

  /// Hands out a pass over `count` places that computes the slow drivers' part of the first layer once and adds the
  /// daily ones' to it, day after day, on the calling thread.
  func withSeason(_ count: Int, slow: [Int], daily: [Int], _ body: (Season) -> Void) {
    let slow = slow.map(Int32.init), daily = daily.map(Int32.init)
    withNetwork { net in
      let baseCount = fx_network_base_size(net, count)
      withUnsafeTemporaryAllocation(of: Float.self, capacity: baseCount + fx_network_scratch(net)) { memory in
        let base = memory.baseAddress!, scratch = base + baseCount
        body(Season(
          base: { columns in
            let x = columns.map { Optional($0) }
            x.withUnsafeBufferPointer { fx_network_base(net, Int32(slow.count), slow, $0.baseAddress!, count, base, scratch) }
          },
          day: { columns, nee in
            let x = columns.map { Optional($0) }
            x.withUnsafeBufferPointer {
              fx_network_forward_onto(net, base, Int32(daily.count), daily, $0.baseAddress!, count, nee, scratch)
            }
          }))
      }
    }
  }

  /// How far apart two drivers of a sample, and two samples of a driver, lie in memory.
  struct Layout: Sendable {
    let driver, sample: Int

    /// `[sample, driver]`.
    static func rows(_ drivers: Int) -> Layout { Layout(driver: 1, sample: drivers) }
    static func columns(_ samples: Int) -> Layout { Layout(driver: samples, sample: 1) }

    private init(driver: Int, sample: Int) {
      self.driver = driver
      self.sample = sample
    }

    init(_ samples: Samples) {
      self = samples.layout == .rows ? .rows(samples.driverCount) : .columns(samples.count)
    }
  }

  /// NEE of all samples, over all threads.
  func forward(_ x: UnsafePointer<Float>, _ layout: Layout, _ samples: Int, _ nee: UnsafeMutablePointer<Float>) {
    let drivers = widths[0], block = Self.block
    nonisolated(unsafe) let x = x
    nonisolated(unsafe) let nee = nee
    ThreadPool.forEach((samples + block - 1) / block) { tile, _ in
      let first = tile * block, count = min(block, samples - first)
      self.withNetwork { net in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: fx_network_scratch(net)) { scratch in
          let pointers = (0..<drivers).map { Optional(x + first * layout.sample + $0 * layout.driver) }
          pointers.withUnsafeBufferPointer {
            fx_network_forward(net, $0.baseAddress!, layout.sample, count, nee + first, scratch.baseAddress!)
          }
        }
      }
    }
  }

  /// Σ g ∂f/∂ω over all samples, in the order of the model's parameters.
  func gradient(
    _ x: UnsafePointer<Float>, _ layout: Layout, _ samples: Int, _ g: UnsafePointer<Float>
  ) -> [Double] {
    nonisolated(unsafe) let g = g
    return accumulate(x, layout, samples) { net, rows, stride, first, count, accumulator, scratch in
      fx_network_gradient(net, rows, stride, count, g + first, nil, accumulator, scratch)
      return 0
    }.gradient
  }

  /// Σ w (f − z)² over all rows and half its derivative by every weight, in one pass: a tile's residuals are known
  /// while its activations are in cache.
  ///
  /// - Parameter weight: all 1 when nil.
  func squares(
    rows x: UnsafePointer<Float>, _ samples: Int, target: UnsafePointer<Float>, weight: UnsafePointer<Float>?
  ) -> (sum: Double, gradient: [Double]) {
    nonisolated(unsafe) let target = target
    nonisolated(unsafe) let weight = weight
    return accumulate(x, .rows(widths[0]), samples) { net, rows, stride, first, count, accumulator, scratch in
      fx_network_squares(net, rows, stride, count, target + first, weight.map { $0 + first }, accumulator, scratch)
    }
  }

  private typealias BlockPass = @Sendable (
    _ net: UnsafePointer<FxNetwork>, _ rows: UnsafePointer<UnsafePointer<Float>?>, _ stride: Int, _ first: Int, _ count: Int,
    _ accumulator: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
  ) -> Double

  /// Runs a pass over fixed blocks of samples on all threads and adds what they give, in block order.
  private func accumulate(
    _ x: UnsafePointer<Float>, _ layout: Layout, _ samples: Int, _ body: BlockPass
  ) -> (sum: Double, gradient: [Double]) {
    let block = Self.block, weightCount = weightCount
    let blocks = (samples + block - 1) / block
    var sums = [Double](repeating: 0, count: blocks), gradient = [Double](repeating: 0, count: weightCount)
    let partial = UnsafeMutablePointer<Float>.allocate(capacity: max(1, blocks * weightCount))
    defer { partial.deallocate() }
    sums.withUnsafeMutableBufferPointer { (sums: inout UnsafeMutableBufferPointer<Double>) in
      nonisolated(unsafe) let sums = sums
      nonisolated(unsafe) let partial = partial
      nonisolated(unsafe) let x = x
      ThreadPool.forEach(blocks) { (tile: Int, _: Int) in
        let first = tile * block
        sums[tile] = self.runBlock(
          x + first * layout.sample, layout, first, min(block, samples - first), body,
          into: partial + tile * weightCount)
      }
    }
    gradient.withUnsafeMutableBufferPointer { (gradient: inout UnsafeMutableBufferPointer<Double>) in
      for tile in 0..<blocks {
        let row = partial + tile * weightCount
        for k in 0..<weightCount { gradient[k] += Double(row[k]) }
      }
    }
    return (sums.reduce(0, +), gradient)
  }

  /// A pass over one block of samples; its gradient goes to `gradient`, in the order of the model's parameters.
  private func runBlock(
    _ x: UnsafePointer<Float>, _ layout: Layout, _ first: Int, _ count: Int, _ body: BlockPass,
    into gradient: UnsafeMutablePointer<Float>
  ) -> Double {
    let drivers = widths[0]
    return withNetwork { net in
      let scratchCount = fx_network_scratch(net), total = scratchCount + fx_network_accumulator(net)
      return withUnsafeTemporaryAllocation(of: Float.self, capacity: total) { memory in
        let scratch = memory.baseAddress!, accumulator = scratch + scratchCount
        accumulator.update(repeating: 0, count: total - scratchCount)
        let rows: [UnsafePointer<Float>?] = (0..<drivers).map { x + $0 * layout.driver }
        let sum = rows.withUnsafeBufferPointer { 
          body(net, $0.baseAddress!, layout.sample, first, count, accumulator, scratch)
         }
        fx_network_fold(net, accumulator, gradient)
        return sum
      }
    }
  }

  /// Σ w f over each row of a partition of columns, over all threads. Shape `[row]`.
  func sums(_ rows: SparseRows, _ samples: Samples) throws -> [Double] {
    try pass(over: rows, samples, jacobian: nil)
  }

  /// Σ w f over each group and its derivative by every weight, in one pass: while a tile is in cache its
  /// share of the Jacobian's row is accumulated, so that no activation is stored and none computed twice.
  ///
  /// - Returns: sums, shape `[row]`; Jacobian, shape `[row, weight]` in the order of the model's parameters.
  func sumsAndJacobian(_ rows: SparseRows, _ samples: Samples) throws -> (sums: [Double], jacobian: [Float]) {
    var jacobian = [Float](repeating: 0, count: rows.count * weightCount)
    let sums = try jacobian.withUnsafeMutableBufferPointer {
      try pass(over: rows, samples, jacobian: $0.baseAddress)
    }
    return (sums, jacobian)
  }

  /// One row a piece of work: its sum, and its row of the Jacobian unless that is nil. The largest come first, so
  /// that no thread is left alone with one of them at the end.
  private func pass(
    over rows: SparseRows, _ samples: Samples, jacobian: UnsafeMutablePointer<Float>?
  ) throws -> [Double] {
    let weightCount = weightCount
    let sizes: [Int] = (0..<rows.count).map { rows.bounds[$0 + 1] - rows.bounds[$0] }
    let order: [Int] = sizes.indices.sorted { (a: Int, b: Int) -> Bool in sizes[a] > sizes[b] }
    var sums = [Double](repeating: 0, count: rows.count)
    try sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums
      nonisolated(unsafe) let jacobian = jacobian
      try samples.drivers.withFloats { columns in
        nonisolated(unsafe) let columns = columns
        ThreadPool.forEach(rows.count) { place, _ in
          let row = order[place]
          sums[row] = self.sum(of: row, rows, columns, jacobian.map { $0 + row * weightCount })
        }
      }
    }
    return sums
  }

  /// Σ w f over one row, whose derivative goes to `jacobian` unless that is nil.
  private func sum(
    of row: Int, _ rows: SparseRows, _ columns: UnsafePointer<Float>, _ jacobian: UnsafeMutablePointer<Float>?
  ) -> Double {
    let first = rows.bounds[row], count = rows.bounds[row + 1] - first
    return rows.weights.withUnsafeBufferPointer { all in
      guard let weights = all.baseAddress.map({ $0 + first }) else { return 0 }
      return withNetwork { net in
        let scratchCount = fx_network_scratch(net), accumulatorCount = fx_network_accumulator(net)
        let total = scratchCount + count + accumulatorCount
        return withUnsafeTemporaryAllocation(of: Float.self, capacity: total) { memory in
          let scratch = memory.baseAddress!, nee = scratch + scratchCount, accumulator = nee + count
          let pointers = (0..<widths[0]).map { Optional(columns + $0 * rows.sampleCount + first) }
          pointers.withUnsafeBufferPointer { x in
            if let jacobian {
              accumulator.update(repeating: 0, count: accumulatorCount)
              fx_network_gradient(net, x.baseAddress!, 1, count, weights, nee, accumulator, scratch)
              fx_network_fold(net, accumulator, jacobian)
            } else {
              fx_network_forward(net, x.baseAddress!, 1, count, nee, scratch)
            }
          }
          return (0..<count).reduce(0.0) { $0 + Double(weights[$1]) * Double(nee[$1]) }
        }
      }
    }
  }
}
