import FluxCore
import FluxTensor
import Glibc
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
      (single.parameters + double.parameters).forEach { $0.clearGradient() }
      let loss = try single.meanSquaredError(x, observed, weight: weight)
      let reference = try double.recordedMeanSquaredError(x, observed, weight: weight)
      #expect(try abs(loss.item() - reference.item()) < 1e-6 * reference.item())
      try loss.multiplied(by: loss.number(3)).backward()
      try reference.multiplied(by: reference.number(3)).backward()
      for (p, q) in zip(single.parameters, double.parameters) {
        let scale = max(q.gradient!.doubles().map(\.magnitude).max()!, 1e-6)
        for (a, b) in zip(p.gradient!.doubles(), q.gradient!.doubles()) { #expect(abs(a - b) < 1e-4 * scale) }
      }
      let off = try Tape.withoutRecording { try single.meanSquaredError(x, observed, weight: weight).item() }
      #expect(try abs(off - loss.item()) < 1e-6 * off)
    }
  }

  @Test("a run into given memory equals the one that makes its own")
  func into() throws {
    let m = try model(4, [16]), x = try samples(3000, 4), y = try Tensor.zeros([3000])
    try m.predict(x, into: y)
    #expect(try y.floats() == m.predict(x).floats())
    #expect(throws: FluxError.self) { try m.predict(x, into: Tensor.zeros([2999])) }
    #expect(throws: FluxError.self) { try m.predict(x, into: Tensor.zeros([3000], .float64)) }
    #expect(throws: FluxError.self) { try m.predict(x, into: Tensor.zeros([3000]).requireGradient()) }
  }

  @Test("one and two threads give the same bits")
  func threads() throws {
    let m = try model(10, [32, 32]), x = try samples(10_000, 10)
    var results: [[Double]] = []
    for threads in [1, 2] {
      ThreadPool.setThreadCount(threads)
      m.parameters.forEach { $0.clearGradient() }
      let y = try m.predict(x), loss = try m.meanSquaredError(x, y.detached().square(), weight: nil)
      try y.square().mean().adding(loss).backward()
      results.append(y.doubles() + loss.doubles() + m.parameters.flatMap { $0.gradient!.doubles() })
    }
    #expect(results[0] == results[1])
  }

  /// Groups of different sizes, one of them empty.
  private func groups(_ drivers: Int) throws -> SampleGroups {
    let bounds = [0, 1, 1, 130, 800, 801], count = 801
    var random = RandomStream(seed: 11)
    return try SampleGroups(columns: samples(count, drivers).transposed(0, 1), weights: (0..<count).map { _ in Float(random.normal()) }, bounds: bounds)
  }

  @Test("the one-pass Jacobian of group sums equals the tape's, values and gradients",
    arguments: [(10, [32, 32]), (7, [13, 5, 20]), (3, [])], Activation.allCases)
  func sumsAgainstTape(_ shape: (drivers: Int, hidden: [Int]), _ activation: Activation) throws {
    let (drivers, hidden) = shape
    let single = try model(drivers, hidden, activation), double = try single.converted(to: .float64), groups = try groups(drivers)
    let sums = try single.sums(groups), reference = try double.sums(groups)
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
    #expect(try Tape.withoutRecording { try single.sums(groups).doubles() } == sums.doubles())
  }

  @Test("the Jacobian of group sums, off the tape, has the rows that the tape gives one by one, and the sums of a prediction",
    arguments: [(10, [32, 32]), (3, [])])
  func jacobian(_ shape: (drivers: Int, hidden: [Int])) throws {
    let single = try model(shape.drivers, shape.hidden, .tanh), double = try single.converted(to: .float64), groups = try groups(shape.drivers)
    let (sums, rows) = try single.sumsAndJacobian(groups), (reference, expected) = try double.sumsAndJacobian(groups)
    #expect(try sums.doubles() == single.sums(groups).doubles() && !sums.isTracked && !reference.isTracked)
    #expect(rows.count == groups.count * single.parameters.reduce(0) { $0 + $1.count } && rows.count == expected.count)
    let scale = expected.map(\.magnitude).max()!
    for (a, b) in zip(rows, expected) { #expect(abs(a - b) < 1e-5 * scale) }
    #expect(single.parameters.allSatisfy { $0.gradient == nil } && double.parameters.allSatisfy { $0.gradient == nil })
  }

  @Test("group sums have the same bits on one and two threads")
  func sumsOverThreads() throws {
    let m = try model(10, [32, 32]), groups = try groups(10)
    var results: [[Double]] = []
    for threads in [1, 2] {
      ThreadPool.setThreadCount(threads)
      m.parameters.forEach { $0.clearGradient() }
      let sums = try m.sums(groups)
      try sums.square().sum().backward()
      results.append(sums.doubles() + m.parameters.flatMap { $0.gradient!.doubles() })
    }
    #expect(results[0] == results[1])
  }

  @Test("groups that do not fit their columns are refused")
  func wrongGroups() throws {
    let columns = try samples(5, 3).transposed(0, 1)
    for (weights, bounds) in [(4, [0, 4]), (5, [0, 4]), (5, [0, 3, 2, 5]), (5, [1, 5])] {
      #expect(throws: FluxError.self) { try SampleGroups(columns: columns, weights: [Float](repeating: 1, count: weights), bounds: bounds) }
    }
    #expect(throws: FluxError.self) { try model(4, [8]).sums(SampleGroups(columns: columns, weights: [1, 1, 1, 1, 1], bounds: [0, 5])) }
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
    var nee = [Float](repeating: 0, count: 500)
    let evaluate = try m.evaluator()
    columns.withUnsafeBufferPointer { c in evaluate((0..<4).map { c.baseAddress! + 500 * $0 }, 500, &nee) }
    #expect(nee == rows)
  }

  @Test("an activation survives the model file")
  func activationInFile() throws {
    let path = "/tmp/fluxbridge-model-\(UInt64.random(in: 0...UInt64.max)).nc", x = try samples(5, 3)
    defer { unlink(path) }
    let m = try model(3, [8], .gelu)
    try ModelFile.save([m], to: path)
    let again = try ModelFile.load(path)[0]
    #expect(again.activation == .gelu)
    #expect(try again.predict(x).floats() == m.predict(x).floats())
  }

  @Test("a wrong number of drivers is refused by name")
  func wrongInputs() throws {
    let m = try model(3, [8])
    let error = #expect(throws: FluxError.self) { try m.predict(Tensor.zeros([2, 4])) }
    #expect(error?.description.contains("[sample, 3], the drivers d0, d1, d2") == true)
  }
}
