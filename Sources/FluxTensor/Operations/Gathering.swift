import FluxCore

extension Tensor {
  /// Entries picked along a dimension: `result[i, j] = self[i, index[i, j]]` for the last of two dimensions.
  ///
  /// - Parameter index: positions from 1, or from −1 at the end; of the same rank, and in the other
  ///   dimensions not longer than this tensor. The result has its shape.
  /// - Throws: ``FluxError`` when a position lies outside, is missing or no whole number, or ranks differ.
  public func gathered(_ dimension: Int, _ index: Tensor, name: String = "gather") throws -> Tensor {
    let place = "Tensor:\(name)"
    guard index.rank == rank, (0..<rank).allSatisfy({ $0 == dimension || index.shape[$0] <= shape[$0] }) else {
      throw FluxError("index of shape \(index.shape) for a tensor of shape \(shape)", at: place,
        expected: "rank \(rank), and lengths up to the tensor's outside dimension \(dimension + 1)")
    }
    let positions = try index.wholePositions(upTo: shape[dimension], dimension, place)
    let x = isContiguous ? detached() : try copied()
    let merged = try names == nil && index.names == nil ? nil : Self.mergedNames(self, index, place)
    let result = try Tensor(index.shape, dtype, names: merged, at: place)
    let walk = GatherWalk(source: shape, index: index.shape, dimension)
    func pick<T: Element>(_: T.Type) {
      let from = x.pointer(T.self), to = result.mutable(T.self), p = positions.pointer(Int64.self)
      walk.forEach { i, base in to[i] = from[base + Int(p[i]) * walk.step] }
    }
    switch dtype {
    case .float32: pick(Float.self)
    case .float64: pick(Double.self)
    case .int64: pick(Int64.self)
    }
    if !isTracked { return result }
    let source = shape
    return Tape.record(name, [self], result, reading: [positions]) { incoming in
      let g = try incoming.contiguous(), back = try Tensor(source, g.dtype, at: place)
      // One entry may be picked many times: its gradients are added up in double.
      var totals = [Double](repeating: 0, count: back.count)
      func spread<T: Scalar>(_: T.Type) {
        let from = g.pointer(T.self), out = back.mutable(T.self), p = positions.pointer(Int64.self)
        walk.forEach { i, base in totals[base + Int(p[i]) * walk.step] += Double(from[i]) }
        for i in totals.indices { out[i] = T(totals[i]) }
      }
      if g.dtype == .float32 { spread(Float.self) } else { spread(Double.self) }
      return [back]
    }
  }

  /// Positions from 0, checked; contiguous int64.
  private func wholePositions(upTo length: Int, _ dimension: Int, _ place: String) throws -> Tensor {
    let result = try Tensor(like: self, .int64, at: place)
    let out = result.mutable(Int64.self)
    var stray: Double?
    func check<T: Element>(_: T.Type, _ whole: (T) -> Int64?) {
      forEachElement(T.self) { i, x in
        guard let position = whole(x), position != 0, position.magnitude <= length else {
          if stray == nil { stray = x.asDouble }
          return
        }
        out[i] = position > 0 ? position - 1 : Int64(length) + position
      }
    }
    switch dtype {
    case .float32: check(Float.self) { Int64(exactly: $0) }
    case .float64: check(Double.self) { Int64(exactly: $0) }
    case .int64: check(Int64.self) { $0 }
    }
    if let stray {
      let text = stray == stray.rounded() && stray.magnitude < 1e15 ? "\(Int(stray))" : "\(stray)"
      throw FluxError("the index holds \(text)", at: place,
        expected: length == 0 ? "nothing: dimension \(dimension + 1) is empty" : "whole numbers from 1 to \(length), or -1 to -\(length) from the end")
    }
    return result
  }
}

/// Walks an index tensor in row-major order beside the source whose entries it picks.
private struct GatherWalk {
  /// How far apart neighbours lie along the picked dimension of the source.
  let step: Int
  private let lengths: [Int], strides: [Int]

  init(source: Shape, index: Shape, _ dimension: Int) {
    var strides = source.contiguousStrides
    step = strides[dimension]
    strides[dimension] = 0
    self.strides = strides
    lengths = index.dimensions
  }

  /// Calls `body` with the number of the index element and where its lane begins in the source.
  func forEach(_ body: (Int, Int) -> Void) {
    var i = 0
    StridedLoop.run(lengths, strides) { position, length, step in
      for k in 0..<length { body(i, position + k * step); i += 1 }
    }
  }
}
