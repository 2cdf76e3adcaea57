import FluxOperators
import FluxCore
import FluxModels
import FluxTensor
import TestSupport
import Testing

@Suite("The linear bridge")
struct LinearBridgeTests {
  private func tensor(_ shape: Shape, seed: UInt64) throws -> Tensor {
    var random = RandomStream(seed: seed)
    return try Tensor.normal(shape, .float32, from: &random)
  }

  @Test("totals equal the weighted sum over pixels and days, month by month")
  func totals() throws {
    let x = try tensor([3, 4, 7, 2], seed: 1), theta = try tensor([3, 4], seed: 2), b = try tensor([3], seed: 3)
    let bridge = try LinearBridge(drivers: x, weights: theta, intercepts: b, days: [2, 4, 1], regions: ["A", "B", "C"])
    let model = try MultilayerPerceptron(inputs: ["p", "q"], hidden: [6], seed: 1)
    let f = try model.predict(x.reshaped([84, 2])).doubles(), w = theta.doubles(), intercepts = b.doubles()
    var expected: [Double] = []
    for r in 0..<3 {
      for days in [0..<2, 2..<6, 6..<7] {
        expected.append(days.reduce(0.0) { sum, d in
          sum + intercepts[r] + (0..<4).reduce(0.0) { $0 + w[r * 4 + $1] * f[(r * 4 + $1) * 7 + d] }
        })
      }
    }
    let months = try bridge.predict(model, year: 0)
    #expect(months.shape == [3, 3] && months.names == ["region", "month"])
    for (a, b) in zip(months.doubles(), expected) { #expect(abs(a - b) < 1e-5) }
    #expect(try bridge.selecting(["C", "A"]).predict(model, year: 0).floats() == [6, 7, 8, 0, 1, 2].map { months.floats()[$0] })
    expectRefusal("no region 'D'; did you mean 'A'?; expected one of A, B, C") { try bridge.selecting(["D"]) }
  }

  @Test("shapes and months that do not fit are refused")
  func refused() throws {
    let x = try tensor([3, 4, 7, 2], seed: 1), theta = try tensor([3, 4], seed: 2)
    expectRefusal("months of [2, 4] days", "months that add up to the days") {
      try LinearBridge(drivers: x, weights: theta, days: [2, 4])
    }
    expectRefusal("months of [8, -1] days", "months that add up to the days") {
      try LinearBridge(drivers: x, weights: theta, days: [8, -1])
    }
    expectRefusal("weights [3, 4], intercepts none, months of [7] days") {
      try LinearBridge(drivers: x, weights: theta, days: [7], regions: ["A"])
    }
    expectRefusal("weights [4, 3], intercepts none, months of [7] days") {
      try LinearBridge(drivers: x, weights: tensor([4, 3], seed: 1), days: [7])
    }
    expectRefusal("intercepts [3, 4], months of [7] days") {
      try LinearBridge(drivers: x, weights: theta, intercepts: theta, days: [7])
    }
  }
}
