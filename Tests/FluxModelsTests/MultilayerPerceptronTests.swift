import FluxCore
import FluxTensor
import Glibc
import TestSupport
import Testing

@testable import FluxModels

/// float32 sums of a hundred products of order one.
private let singlePrecision = 2e-5

@Suite("The multilayer perceptron")
struct MultilayerPerceptronTests {
  private func samples(_ count: Int, _ drivers: Int, seed: UInt64 = 3) throws -> Tensor {
    var random = RandomStream(seed: seed)
    return try Tensor((0..<(count * drivers)).map { _ in random.normal() }, shape: [count, drivers], dtype: .float32)
  }

  private func model(_ drivers: Int, _ hidden: [Int], _ activation: Activation = .relu) throws -> MultilayerPerceptron {
    let m = try MultilayerPerceptron(inputs: (0..<drivers).map { "d\($0)" }, hidden: hidden, activation: activation, seed: 5)
    m.normalisation = Normalisation(mean: (0..<drivers).map { 0.1 * Float($0) }, deviation: (0..<drivers).map { 1 + 0.1 * Float($0) })
    return m
  }

  @Test("the paper's network has 1441 weights")
  func weightCount() throws {
    #expect(try model(10, [32, 32]).weights.count == 1441)
  }

  /// Drivers, hidden widths, samples.
  private static let shapes = [(10, [32, 32], 1), (10, [32, 32], 300), (7, [13, 5, 20], 4500), (1, [8], 129), (3, [], 50), (4, [9, 8, 7, 6, 5], 200)]

  @Test("the fused pass equals the layered one, values and gradients", arguments: shapes, Activation.allCases)
  func fusedAgainstLayered(_ shape: (drivers: Int, hidden: [Int], count: Int), _ activation: Activation) throws {
    let (drivers, count) = (shape.drivers, shape.count)
    let single = try model(drivers, shape.hidden, activation), x = try samples(count, drivers)
    let double = try single.converted(to: .float64)
    let y = try single.predict(x), reference = try double.predict(x.converted(to: .float64))
    let scale = reference.doubles().map(\.magnitude).max()!
    for (a, b) in zip(y.doubles(), reference.doubles()) { #expect(abs(a - b) < singlePrecision * scale) }

    var random = RandomStream(seed: 9)
    let g = try Tensor((0..<count).map { _ in random.normal() }, dtype: .float32)
    try y.multiplied(by: g).sum().backward()
    try reference.multiplied(by: g.converted(to: .float64)).sum().backward()
    for (p, q) in zip(single.parameters, double.parameters) {
      let scale = max(q.gradient!.doubles().map(\.magnitude).max()!, 1e-6)
      for (a, b) in zip(p.gradient!.doubles(), q.gradient!.doubles()) { #expect(abs(a - b) < 1e-4 * scale) }
    }
  }

  @Test("the fused mean squared error equals the recorded one, value and gradients", arguments: shapes, Activation.allCases)
  func squaresAgainstTape(_ shape: (drivers: Int, hidden: [Int], count: Int), _ activation: Activation) throws {
    let single = try model(shape.drivers, shape.hidden, activation), x = try samples(shape.count, shape.drivers)
    let double = try single.converted(to: .float64)
    var random = RandomStream(seed: 4)
    let observed = try Tensor((0..<shape.count).map { _ in random.normal() }, dtype: .float32)
    let weights = try Tensor((0..<shape.count).map { _ in random.uniform() }, dtype: .float32)
    for weight in [nil, weights] {
      single.parameters.clearGradients()
      double.parameters.clearGradients()
      let loss = try single.meanSquaredError(of: .nee, Samples(rows: x), observed, weight: weight)
      let reference = try double.recordedMeanSquaredError(of: .nee, Samples(rows: x), observed, weight: weight)
      #expect(try abs(loss.item() - reference.item()) < 1e-6 * reference.item())
      try loss.multiplied(by: loss.number(3)).backward()
      try reference.multiplied(by: reference.number(3)).backward()
      for (p, q) in zip(single.parameters, double.parameters) {
        let scale = max(q.gradient!.doubles().map(\.magnitude).max()!, 1e-6)
        for (a, b) in zip(p.gradient!.doubles(), q.gradient!.doubles()) { #expect(abs(a - b) < 1e-4 * scale) }
      }
      let off = try Tape.withoutRecording { try single.meanSquaredError(of: .nee, Samples(rows: x), observed, weight: weight).item() }
      #expect(try abs(off - loss.item()) < 1e-6 * off)
    }
  }

  @Test("a run into given memory equals the one that makes its own")
  func into() throws {
    let m = try model(4, [16]), x = try samples(3000, 4), y = try Tensor.zeros([3000])
    try m.predict(x, into: y)
    #expect(try y.floats() == m.predict(x).floats())
    expectRefusal("x has shape [3000, 4], into [2999]") { try m.predict(x, into: Tensor.zeros([2999])) }
    expectRefusal("the tensor to write into is float64; expected a float32 tensor") {
      try m.predict(x, into: Tensor.zeros([3000], .float64))
    }
    expectRefusal("the tensor to write into is on the tape") {
      try m.predict(x, into: Tensor.zeros([3000]).requireGradient())
    }
  }

  @Test("one and two threads give the same bits")
  func threads() throws {
    let m = try model(10, [32, 32]), x = try samples(10_000, 10)
    var results: [[Double]] = []
    for threads in [1, 2] {
      try ThreadPool.withThreadCount(threads) {
        m.parameters.forEach { $0.clearGradient() }
        let y = try m.predict(x), loss = try m.meanSquaredError(
          of: .nee, Samples(rows: x), y.detached().square(), weight: nil)
        try y.square().mean().adding(loss).backward()
        results.append(y.doubles() + loss.doubles() + m.parameters.flatMap { $0.gradient!.doubles() })
      }
    }
    #expect(results[0] == results[1])
  }

  /// Rows of different sizes, one of them empty, and their samples.
  private func partition(_ drivers: Int) throws -> (rows: SparseRows, samples: Samples) {
    let bounds = [0, 1, 1, 130, 800, 801], count = 801
    var random = RandomStream(seed: 11)
    let columns = try Samples(columns: samples(count, drivers).transposed(0, 1))
    return (try SparseRows(partition: bounds, weights: (0..<count).map { _ in Float(random.normal()) }), columns)
  }

  @Test("the one-pass Jacobian of group sums equals the tape's, values and gradients",
    arguments: [(10, [32, 32]), (7, [13, 5, 20]), (3, [])], Activation.allCases)
  func sumsAgainstTape(_ shape: (drivers: Int, hidden: [Int]), _ activation: Activation) throws {
    let (drivers, hidden) = shape
    let single = try model(drivers, hidden, activation), double = try single.converted(to: .float64), (rows, seen) = try partition(drivers)
    let sums = try single.apply(rows, to: .nee, seen), reference = try double.apply(rows, to: .nee, seen)
    #expect(reference.dtype == .float64 && sums.doubles()[1] == 0)
    let scale = reference.doubles().map(\.magnitude).max()!
    for (a, b) in zip(sums.doubles(), reference.doubles()) { #expect(abs(a - b) < singlePrecision * scale) }
    try sums.power(3).sum().backward()
    try reference.power(3).sum().backward()
    for (p, q) in zip(single.parameters, double.parameters) {
      let scale = max(q.gradient!.doubles().map(\.magnitude).max()!, 1e-6)
      for (a, b) in zip(p.gradient!.doubles(), q.gradient!.doubles()) { #expect(abs(a - b) < 1e-4 * scale) }
    }
    // Off the tape only the sums are computed, and they are the same.
    #expect(try Tape.withoutRecording { try single.apply(rows, to: .nee, seen).doubles() } == sums.doubles())
  }

  @Test("the Jacobian of group sums, off the tape, has the rows that the tape gives one by one, and the sums of a prediction",
    arguments: [(10, [32, 32]), (3, [])])
  func jacobian(_ shape: (drivers: Int, hidden: [Int])) throws {
    let single = try model(shape.drivers, shape.hidden, .tanh), double = try single.converted(to: .float64), (rows, seen) = try partition(shape.drivers)
    let made = try #require(try single.linearise(rows, of: .nee, seen)), oracle = try #require(try double.linearise(rows, of: .nee, seen))
    let sums = made.values, jacobian = made.jacobian, expected = oracle.jacobian
    #expect(try sums.doubles() == single.apply(rows, to: .nee, seen).doubles() && !sums.isTracked && !oracle.values.isTracked)
    #expect(jacobian.count == rows.count * single.parameters.size && jacobian.count == expected.count)
    let scale = expected.map(\.magnitude).max()!
    for (a, b) in zip(jacobian, expected) { #expect(abs(a - b) < 1e-5 * scale) }
    #expect(single.parameters.allSatisfy { $0.gradient == nil } && double.parameters.allSatisfy { $0.gradient == nil })
  }

  @Test("group sums have the same bits on one and two threads")
  func sumsOverThreads() throws {
    let m = try model(10, [32, 32]), (rows, seen) = try partition(10)
    var results: [[Double]] = []
    for threads in [1, 2] {
      try ThreadPool.withThreadCount(threads) {
        m.parameters.forEach { $0.clearGradient() }
        let sums = try m.apply(rows, to: .nee, seen)
        try sums.square().sum().backward()
        results.append(sums.doubles() + m.parameters.flatMap { $0.gradient!.doubles() })
      }
    }
    #expect(results[0] == results[1])
  }

  @Test("overlapping rows see each sample once, and give what their samples give one by one, values, gradients and Jacobian")
  func overlappingRows() throws {
    let single = try model(4, [9, 7], .tanh), double = try single.converted(to: .float64), count = 60
    let x = try samples(count, 4), columns = try Samples(columns: x.transposed(0, 1))
    var random = RandomStream(seed: 21)
    var bounds = [0], entries: [Int32] = []
    for _ in 0..<8 {
      entries += (0..<15).map { _ in Int32(random.integer(below: count)) }
      bounds.append(entries.count)
    }
    let weights = entries.map { _ in Float(random.normal()) }
    let rows = try SparseRows(bounds: bounds, columns: entries, weights: weights, sampleCount: count)
    let y = try single.apply(rows, to: .nee, columns), flux = try double.predict(x.converted(to: .float64)).doubles()
    let expected = (0..<8).map { r in (bounds[r]..<bounds[r + 1]).reduce(0.0) { $0 + Double(weights[$1]) * flux[Int(entries[$1])] } }
    let scale = expected.map(\.magnitude).max()!
    for (a, b) in zip(y.doubles(), expected) { #expect(abs(a - b) < singlePrecision * scale) }
    try y.power(2).sum().backward()
    try double.apply(rows, to: .nee, columns).power(2).sum().backward()
    for (p, q) in zip(single.parameters, double.parameters) {
      let scale = max(q.gradient!.doubles().map(\.magnitude).max()!, 1e-6)
      for (a, b) in zip(p.gradient!.doubles(), q.gradient!.doubles()) { #expect(abs(a - b) < 1e-4 * scale) }
    }
    // ⟨J v, g⟩ by the Jacobian's rows equals the pullback of g.
    let jacobian = try #require(try double.linearise(rows, of: .nee, columns)).jacobian, size = double.parameters.size
    double.parameters.clearGradients()
    let g = (0..<8).map { _ in random.normal() }
    try double.apply(rows, to: .nee, columns).multiplied(by: Tensor(g)).sum().backward()
    let pulled = double.parameters.flatMap { $0.gradient!.doubles() }
    let byRows = (0..<size).map { k in (0..<8).reduce(0.0) { $0 + g[$1] * Double(jacobian[$1 * size + k]) } }
    let largest = pulled.map(\.magnitude).max()!
    for (a, b) in zip(pulled, byRows) { #expect(abs(a - b) < 1e-5 * largest) }
  }

  @Test("rows that do not fit their samples are refused")
  func wrongRows() throws {
    for (count, bounds) in [(4, [0, 5]), (5, [0, 4]), (5, [0, 3, 2, 5]), (5, [1, 5])] {
      expectRefusal("ascending bounds from 0 to the last entry") { try SparseRows(partition: bounds, weights: [Float](repeating: 1, count: count)) }
    }
    let columns = try Samples(columns: samples(5, 3).transposed(0, 1))
    let five = try SparseRows(partition: [0, 5], weights: [1, 1, 1, 1, 1])
    expectRefusal("expected [4, sample]") { try model(4, [8]).apply(five, to: .nee, columns) }
    let three = try SparseRows(partition: [0, 3], weights: [1, 1, 1])
    expectRefusal("rows over 3 samples, of which there are 5") { try model(3, [8]).apply(three, to: .nee, columns) }
    expectRefusal("no output 'gpp'") { try model(3, [8]).evaluate(.gpp, columns) }
  }

  @Test("a missing driver makes a missing flux, and only there")
  func missingDriver() throws {
    let m = try model(3, [8])
    let y = try m.predict(Tensor([1, 2, 3, 1, .nan, 3], shape: [2, 3], dtype: .float32)).doubles()
    #expect(!y[0].isNaN && y[1].isNaN)
  }

  @Test("columns and rows give the same flux")
  func columns() throws {
    let m = try model(4, [16, 16]), x = try samples(500, 4)
    let rows = try m.predict(x).floats(), columns = try x.transposed(0, 1).contiguous().floats()
    let nee = try m.evaluate(.nee, Samples(columns: Tensor(columns, shape: [4, 500]))).floats()
    #expect(nee == rows)
  }

  @Test("an activation survives the model file")
  func activationInFile() throws {
    let path = "/tmp/fluxbridge-model-\(UInt64.random(in: 0...UInt64.max)).nc", x = try samples(5, 3)
    defer { unlink(path) }
    let m = try model(3, [8], .gelu)
    try ModelFile.save([m], to: path)
    let again = try ModelFile.load(path)[0]
    #expect((again as? MultilayerPerceptron)?.activation == .gelu)
    #expect(try again.predict(x).floats() == m.predict(x).floats())
  }

  @Test("a wrong number of drivers is refused by name")
  func wrongInputs() throws {
    let m = try model(3, [8])
    expectRefusal("[sample, 3], the drivers d0, d1, d2") { try m.predict(Tensor.zeros([2, 4])) }
  }
}
