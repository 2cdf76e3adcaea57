import FluxCore

extension Tensor {
  /// Writes `values` (broadcast) into this view's elements, in place.
  ///
  /// - Throws: ``FluxError`` when either tensor takes part in a recorded computation (the tape would
  ///   lose sight of the numbers), or shapes do not fit.
  public func assign(_ values: Tensor) throws {
    if isTracked || values.isTracked, Tape.isRecording {
      throw isTracked
        ? FluxError("the tensor takes part in a recorded computation", at: "Tensor[]=", expected: "a tensor that is not on the tape",
          remedy: "Change a copy (t:detach():clone()), or work inside tensor.no_grad.")
        : FluxError("the values take part in a recorded computation, and their gradient would be lost", at: "Tensor[]=",
          expected: "values that are not on the tape", remedy: "Join results by tensor.stack or tensor.cat, or assign t:detach().")
    }
    let source = try values.detached().converted(to: dtype)
    guard try shape.broadcast(with: source.shape, at: "Tensor[]=") == shape else {
      throw FluxError("values of shape \(values.shape) do not fit into \(shape)", at: "Tensor[]=", expected: "a shape that broadcasts to \(shape)")
    }
    if zip(strides, shape.dimensions).contains(where: { $0 == 0 && $1 > 1 }) {
      throw FluxError("the tensor was stretched by :expand: several of its elements are one number", at: "Tensor[]=",
        expected: "a tensor with memory of its own", remedy: "Call :clone() first.")
    }
    // Overlapping views of one block are copied first.
    let dense = source.storage === storage ? try source.copied() : source
    // Copying looks at no value, only at widths.
    func copy<T: Element>(_: T.Type) {
      let to = mutable(T.self), from = dense.pointer(T.self)
      if isContiguous, dense.isContiguous, dense.count == count {
        to.update(from: from, count: count)
        return
      }
      StridedLoop.run(shape.dimensions, [strides, dense.strides(stretchedTo: shape)]) { at, length, step in
        for k in 0..<length { to[at[0] + k * step[0]] = from[at[1] + k * step[1]] }
      }
    }
    switch dtype {
    case .float32: copy(Float.self)
    case .float64: copy(Double.self)
    case .int64: copy(Int64.self)
    }
    storage.version += 1
  }
}
