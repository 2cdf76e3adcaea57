import FluxCore
import FluxTensor
import Testing

@testable import FluxModel

/// float32 sums of a hundred products of order one.
private let singlePrecision = 2e-5

@Suite("The multilayer perceptron")
struct MultilayerPerceptronTests {
  private func samples(_ count: Int, _ drivers: Int, seed: UInt64 = 3) throws -> Tensor {
    var random = RandomStream(seed: seed)
    return try Tensor((0..<(count * drivers)).map { _ in random.normal() }, shape: [count, drivers], dtype: .float32)
  }

  private func model(_ drivers: Int, _ hidden: [Int], _ dtype: DType = .float32) throws -> MultilayerPerceptron {
    let m = try MultilayerPerceptron(inputs: (0..<drivers).map { "d\($0)" }, hidden: hidden, seed: 5, dtype: dtype)
    m.normalisation = Normalisation(mean: (0..<drivers).map { 0.1 * Float($0) }, deviation: (0..<drivers).map { 1 + 0.1 * Float($0) })
    return m
  }

  @Test("the paper's network has 1441 weights")
  func weightCount() throws {
    #expect(try model(10, [32, 32]).weights.count == 1441)
  }

  @Test("the fused pass equals the layered one, values and gradients", arguments: [
    (10, [32, 32], 1), (10, [32, 32], 300), (7, [13, 5, 20], 4500), (1, [8], 129), (3, [], 50),
  ])
  func fusedAgainstLayered(_ drivers: Int, _ hidden: [Int], _ count: Int) throws {
    let single = try model(drivers, hidden), x = try samples(count, drivers)
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

  @Test("one and two threads give the same bits")
  func threads() throws {
    let m = try model(10, [32, 32]), x = try samples(10_000, 10)
    var results: [[Double]] = []
    for threads in [1, 2] {
      ThreadPool.setThreadCount(threads)
      m.parameters.forEach { $0.clearGradient() }
      let y = try m.predict(x)
      try y.square().mean().backward()
      results.append(y.doubles() + m.parameters.flatMap { $0.gradient!.doubles() })
    }
    #expect(results[0] == results[1])
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

  @Test("a wrong number of drivers is refused by name")
  func wrongInputs() throws {
    let m = try model(3, [8])
    let error = #expect(throws: FluxError.self) { try m.predict(Tensor.zeros([2, 4])) }
    #expect(error?.description.contains("[sample, 3], the drivers d0, d1, d2") == true)
  }
}
