import CFluxKernels
import Foundation
import Testing

/// The bounds that CFluxFunctions.h states, over the whole range of float32.
@Suite("Vector functions of float32")
struct VectorFunctionTests {
  struct Case: Sendable, CustomStringConvertible {
    let description: String, bound: Double
    let run: @Sendable (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
    let exact: @Sendable (Double) -> Double
  }

  static let cases = [
    Case(description: "exp", bound: 1.1, run: fx_exp_run, exact: exp),
    Case(description: "log", bound: 1, run: fx_log_run, exact: log),
    Case(description: "tanh", bound: 1.5, run: fx_tanh_run, exact: tanh),
    Case(description: "sigmoid", bound: 2.5, run: fx_sigmoid_run) { $0 >= 0 ? 1 / (1 + exp(-$0)) : exp($0) / (1 + exp($0)) },
  ]

  @Test("errors stay within their bounds; infinities, NaN and subnormals come out right", arguments: cases)
  func bounds(_ test: Case) {
    // A prime step meets every exponent, sign and special value's neighbourhood.
    var inputs = stride(from: UInt32(0), to: .max - 10007, by: 10007).map { Float(bitPattern: $0) }
    inputs += [0, -0.0, .infinity, -.infinity, .nan, 1, -1, 0.625, -0.625, 88.72284, -103.97, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
    var outputs = [Float](repeating: 0, count: inputs.count)
    test.run(inputs, &outputs, inputs.count)
    var worst = 0.0, strays = 0
    for (x, y) in zip(inputs, outputs) {
      let exact = test.exact(Double(x)), rounded = Float(exact)
      if exact.isNaN || rounded.isInfinite || y.isInfinite || y.isNaN {
        if !(exact.isNaN && y.isNaN || rounded == y) { strays += 1 }
      } else {
        worst = max(worst, abs(Double(y) - exact) / Double(max(rounded.magnitude, .leastNormalMagnitude).ulp))
      }
    }
    #expect(worst <= test.bound)
    #expect(strays == 0)
  }

  @Test("a value does not depend on where in a run it stands")
  func place() {
    for test in Self.cases {
      let inputs = (0..<37).map { 0.3 + Float($0) * 0.11 }
      var together = [Float](repeating: 0, count: 37)
      test.run(inputs, &together, 37)
      for i in inputs.indices {
        var alone: Float = 0
        test.run([inputs[i]], &alone, 1)
        #expect(alone == together[i], "\(test) of \(inputs[i])")
      }
    }
  }
}
