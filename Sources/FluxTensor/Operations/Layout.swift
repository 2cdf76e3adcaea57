import FluxCore

/// Views: they share memory with their source.
extension Tensor {
  func view(_ name: String, _ shape: Shape, _ strides: [Int], offset: Int, names: [String]?,
    pullback: @escaping (Tensor) throws -> Tensor
  ) -> Tensor {
    let result = Tensor(storage: storage, shape: shape, strides: strides, offset: offset, dtype: dtype, names: names)
    if !isTracked { return result }
    return Tape.record(name, [self], result, reading: []) { [try pullback($0)] }
  }

  /// The same elements in another shape; one length may be −1 and is worked out.
  ///
  /// Dimensions before the first changed one and after the last keep their names.
  ///
  /// - Throws: ``FluxError`` when the number of elements differs.
  public func reshaped(_ dimensions: [Int]) throws -> Tensor {
    var lengths = dimensions
    let wildcards = lengths.indices.filter { lengths[$0] == -1 }
    let known = try Shape.checkedCount(lengths.filter { $0 != -1 }, at: "Tensor:reshape")
    if wildcards.count == 1, known > 0, count % known == 0 { lengths[wildcards[0]] = count / known }
    guard !lengths.contains(-1), try Shape.checkedCount(lengths, at: "Tensor:reshape") == count else {
      throw FluxError("shape \(shape) cannot become \(Shape(dimensions))", at: "Tensor:reshape", expected: "\(count) elements",
        remedy: wildcards.count > 1 ? "Only one length may be -1." : nil)
    }
    let source = shape.dimensions, dense = try contiguous(), target = Shape(lengths)
    return dense.view("reshape", target, target.contiguousStrides, offset: dense.offset, names: reshapedNames(lengths)) {
      try $0.reshaped(source)
    }
  }

  private func reshapedNames(_ lengths: [Int]) -> [String]? {
    guard let names else { return nil }
    let source = shape.dimensions, shorter = Swift.min(source.count, lengths.count)
    var head = 0, tail = 0
    while head < shorter, source[head] == lengths[head] { head += 1 }
    while tail < shorter - head, source[source.count - 1 - tail] == lengths[lengths.count - 1 - tail] { tail += 1 }
    let middle = [String](repeating: "", count: lengths.count - head - tail)
    return Self.normalised(names.prefix(head) + middle + names.suffix(tail))
  }

  /// Two dimensions swapped.
  public func transposed(_ a: Int, _ b: Int) throws -> Tensor {
    var lengths = shape.dimensions, steps = strides, newNames = names
    lengths.swapAt(a, b)
    steps.swapAt(a, b)
    newNames?.swapAt(a, b)
    return view("transpose", Shape(lengths), steps, offset: offset, names: newNames) { try $0.transposed(a, b) }
  }

  /// Stretched by NumPy's rule, without copying.
  public func expanded(to target: Shape) throws -> Tensor {
    _ = try Shape.checkedCount(target.dimensions, at: "Tensor:expand")
    guard try shape.broadcast(with: target, at: "Tensor:expand") == target else {
      throw FluxError("shape \(shape) does not stretch to \(target)", at: "Tensor:expand", expected: "lengths of 1 where they differ")
    }
    let source = shape
    let newNames = names.map { [String](repeating: "", count: target.rank - rank) + $0 }
    return view("expand", target, strides(stretchedTo: target), offset: offset, names: newNames) { try $0.summed(to: source) }
  }

  /// Without the dimensions of length 1, or without the one that is named.
  public func squeezed(_ dimension: Int? = nil) throws -> Tensor {
    let kept = (0..<rank).filter { d in shape[d] != 1 || (dimension != nil && d != dimension) }
    let source = shape.dimensions
    return view("squeeze", Shape(kept.map { shape[$0] }), kept.map { strides[$0] }, offset: offset,
      names: names.flatMap { n in Self.normalised(kept.map { n[$0] }) }) { try $0.reshaped(source) }
  }

  /// With a new dimension of length 1 before `dimension`.
  public func unsqueezed(_ dimension: Int, name: String = "") throws -> Tensor {
    var lengths = shape.dimensions, steps = strides
    lengths.insert(1, at: dimension)
    steps.insert(1, at: dimension)
    var newNames = names ?? [String](repeating: "", count: rank)
    newNames.insert(name, at: dimension)
    let source = shape.dimensions
    return view("unsqueeze", Shape(lengths), steps, offset: offset, names: Self.normalised(newNames)) { try $0.reshaped(source) }
  }

  /// `length` entries of one dimension from `start` on, without copying.
  public func narrowed(_ dimension: Int, from start: Int, length: Int) throws -> Tensor {
    guard start >= 0, length >= 0, start + length <= shape[dimension] else {
      throw FluxError("entries \(start + 1) to \(start + length) of dimension \(dimension + 1) in shape \(shape)", at: "Tensor[]",
        expected: "1 to \(shape[dimension])")
    }
    var lengths = shape.dimensions
    lengths[dimension] = length
    let source = shape
    return view("slice", Shape(lengths), strides, offset: offset &+ start &* strides[dimension], names: names) { incoming in
      let back = try Tensor(source, incoming.dtype, zeroed: true, at: "Tensor[]")
      try back.narrowed(dimension, from: start, length: length).assign(incoming)
      return back
    }
  }

  /// Entry `index` of one dimension, which disappears.
  public func selected(_ dimension: Int, _ index: Int) throws -> Tensor {
    guard index >= 0, index < shape[dimension] else {
      throw FluxError("entry \(index + 1) of dimension \(dimension + 1) in shape \(shape)", at: "Tensor[]", expected: "1 to \(shape[dimension])")
    }
    var lengths = shape.dimensions, steps = strides, newNames = names
    lengths.remove(at: dimension)
    steps.remove(at: dimension)
    newNames?.remove(at: dimension)
    let source = shape
    return view("select", Shape(lengths), steps, offset: offset &+ index &* strides[dimension], names: newNames.flatMap(Self.normalised)) { incoming in
      let back = try Tensor(source, incoming.dtype, zeroed: true, at: "Tensor[]")
      try back.selected(dimension, index).assign(incoming)
      return back
    }
  }
}
