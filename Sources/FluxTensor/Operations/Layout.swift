import FluxCore

/// Views: they share memory with their source.
extension Tensor {
  private func view(_ name: String, _ shape: Shape, _ strides: [Int], offset: Int, names: [String]?,
    pullback: @escaping (Tensor) throws -> Tensor
  ) -> Tensor {
    let result = Tensor(storage: storage, shape: shape, strides: strides, offset: offset, dtype: dtype, names: names)
    return Tape.record(name, [self], result) { [try pullback($0)] }
  }

  /// The same elements in another shape; one length may be −1 and is worked out.
  ///
  /// - Throws: ``FluxError`` when the number of elements differs.
  public func reshaped(_ dimensions: [Int]) throws -> Tensor {
    var lengths = dimensions
    let wildcards = lengths.indices.filter { lengths[$0] == -1 }
    let known = try Shape.checkedCount(lengths.filter { $0 != -1 }, at: "Tensor:reshape")
    if wildcards.count == 1, known > 0, count % known == 0 { lengths[wildcards[0]] = count / known }
    guard !lengths.contains(-1), Shape(lengths).count == count else {
      throw FluxError("shape \(shape) cannot become \(Shape(dimensions))", at: "Tensor:reshape", expected: "\(count) elements",
        remedy: wildcards.count > 1 ? "Only one length may be -1." : nil)
    }
    let source = shape.dimensions, dense = try contiguous(), target = Shape(lengths)
    return dense.view("reshape", target, target.contiguousStrides, offset: dense.offset,
      names: target == shape ? names : nil) { try $0.reshaped(source) }
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
    guard try shape.broadcast(with: target, at: "Tensor:expand") == target else {
      throw FluxError("shape \(shape) does not stretch to \(target)", at: "Tensor:expand", expected: "lengths of 1 where they differ")
    }
    let source = shape
    return view("expand", target, strides(stretchedTo: target), offset: offset, names: target.rank == rank ? names : nil) {
      try $0.summed(to: source)
    }
  }

  /// Without the dimensions of length 1, or without the one that is named.
  public func squeezed(_ dimension: Int? = nil) throws -> Tensor {
    let kept = (0..<rank).filter { d in shape[d] != 1 || (dimension != nil && d != dimension) }
    let source = shape.dimensions
    return view("squeeze", Shape(kept.map { shape[$0] }), kept.map { strides[$0] }, offset: offset,
      names: names.map { n in kept.map { n[$0] } }) { try $0.reshaped(source) }
  }

  /// With a new dimension of length 1 before `dimension`.
  public func unsqueezed(_ dimension: Int) throws -> Tensor {
    var lengths = shape.dimensions, steps = strides
    lengths.insert(1, at: dimension)
    steps.insert(1, at: dimension)
    let source = shape.dimensions
    return view("unsqueeze", Shape(lengths), steps, offset: offset, names: nil) { try $0.reshaped(source) }
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
    return view("slice", Shape(lengths), strides, offset: offset + start * strides[dimension], names: names) { incoming in
      let back = try Tensor(source, incoming.dtype, zeroed: true, at: "Tensor[]")
      try back.narrowed(dimension, from: start, length: length).assign(incoming)
      return back
    }
  }

  /// Entry `index` of one dimension, which disappears.
  public func selected(_ dimension: Int, _ index: Int) throws -> Tensor {
    var kept = shape.dimensions
    kept.remove(at: dimension)
    var keptNames = names
    keptNames?.remove(at: dimension)
    let narrow = try narrowed(dimension, from: index, length: 1)
    var steps = narrow.strides
    steps.remove(at: dimension)
    var source = shape.dimensions
    source[dimension] = 1
    return narrow.view("select", Shape(kept), steps, offset: narrow.offset, names: keptNames) { try $0.reshaped(source) }
  }

  /// Writes `values` (broadcast) into this view's elements, in place.
  ///
  /// - Throws: ``FluxError`` when the tensor is on the tape, or shapes do not fit.
  public func assign(_ values: Tensor) throws {
    guard !(isTracked && Tape.isRecording) else {
      throw FluxError("the tensor takes part in a recorded computation", at: "Tensor[]=", expected: "a tensor that is not on the tape",
        remedy: "Change a copy (t:detach():clone()), or work inside tensor.no_grad.")
    }
    let source = try values.detached().converted(to: dtype)
    guard try shape.broadcast(with: source.shape, at: "Tensor[]=") == shape else {
      throw FluxError("values of shape \(values.shape) do not fit into \(shape)", at: "Tensor[]=", expected: "a shape that broadcasts to \(shape)")
    }
    // Overlapping views of one block are copied first.
    let dense = source.storage === storage ? try source.clone() : source
    func copy<T: Scalar>(_: T.Type) {
      let to = mutable(T.self), from = dense.pointer(T.self)
      StridedLoop.run(shape.dimensions, [strides, dense.strides(stretchedTo: shape)]) { at, length, step in
        for k in 0..<length { to[at[0] + k * step[0]] = from[at[1] + k * step[1]] }
      }
    }
    switch dtype {
    case .float32: copy(Float.self)
    case .float64: copy(Double.self)
    }
    storage.version += 1
  }

  /// The same tensor with a name for each dimension.
  ///
  /// - Throws: ``FluxError`` when the number of names is not the rank, or one comes twice.
  public func named(_ names: [String]) throws -> Tensor {
    guard names.count == rank, Set(names).count == names.count else {
      throw FluxError("names \(names) for shape \(shape)", at: "Tensor:named", expected: "\(rank) different names, one a dimension")
    }
    return view("named", shape, strides, offset: offset, names: names) { $0 }
  }
}
