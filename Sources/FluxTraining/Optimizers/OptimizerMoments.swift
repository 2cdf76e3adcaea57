import FluxCore
import FluxTensor

/// What an optimiser remembers of every weight: a step count and some rows of numbers, shaped like the parameters.
struct OptimizerMoments {
  var count = 0
  /// Shape `[moment][parameter][weight]`.
  var rows: [[[Double]]]

  init(_ parameters: [Tensor], rows count: Int) { self.init(sizes: parameters.map(\.count), rows: count) }

  init(sizes: [Int], rows count: Int) {
    let zeros = sizes.map { [Double](repeating: 0, count: $0) }
    rows = [[[Double]]](repeating: zeros, count: count)
  }

  /// The count, then moment after moment.
  var state: [Double] { [Double(count)] + rows.flatMap { $0.joined() } }

  /// - Throws: ``FluxError`` for a state of another size.
  mutating func restore(_ state: [Double], at place: String) throws {
    let size = rows.reduce(1) { $0 + $1.reduce(0) { $0 + $1.count } }
    guard state.count == size, let steps = Int(exactly: state[0]), steps >= 0 else {
      throw FluxError("a state of \(state.count) numbers", at: place, expected: "\(size)")
    }
    count = steps
    var next = 1
    for m in rows.indices {
      for i in rows[m].indices {
        let length = rows[m][i].count
        rows[m][i] = Array(state[next..<(next + length)])
        next += length
      }
    }
  }

  /// One step of a rule: for each parameter that has a gradient, `rule` gets its weights to change, its gradient, the first and the
  /// last row of moments, and whether it is a matrix, which weight decay is for. Gradients are cleared.
  mutating func step(
    _ parameters: [Tensor], _ rule: (_ weights: UnsafeMutableBufferPointer<Double>, _ gradient: [Double], _ first: UnsafeMutablePointer<Double>,
      _ last: UnsafeMutablePointer<Double>, _ isMatrix: Bool) -> Void
  ) throws {
    try Tape.withoutRecording {
      for (i, parameter) in parameters.enumerated() {
        guard let gradient = parameter.gradient?.doubles() else { continue }
        var weights = parameter.doubles()
        update(i) { first, last in
          weights.withUnsafeMutableBufferPointer { rule($0, gradient, first, last, parameter.rank > 1) }
        }
        try parameter.assign(Tensor(weights, shape: parameter.shape))
        parameter.clearGradient()
      }
    }
  }

  /// Lends the first and the last row of parameter `i`, which are one where there is only one.
  private mutating func update(_ i: Int, _ body: (_ first: UnsafeMutablePointer<Double>, _ last: UnsafeMutablePointer<Double>) -> Void) {
    // Taken out while they change, so that neither is copied.
    var first: [Double] = [], last: [Double] = []
    swap(&first, &rows[0][i])
    if rows.count > 1 { swap(&last, &rows[rows.count - 1][i]) }
    first.withUnsafeMutableBufferPointer { f in
      last.withUnsafeMutableBufferPointer { l in if let f = f.baseAddress { body(f, l.baseAddress ?? f) } }
    }
    swap(&first, &rows[0][i])
    if rows.count > 1 { swap(&last, &rows[rows.count - 1][i]) }
  }
}
