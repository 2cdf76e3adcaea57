import FluxCore

extension Tensor {
  /// Whether operations on this tensor are recorded.
  public var isTracked: Bool { requiresGradient || node != nil }

  /// ∂loss/∂self, accumulated by ``backward(retain:)``; only leaves that require a gradient have one.
  ///
  /// Who has taken it keeps these numbers: later passes then add into a new tensor.
  public var gradient: Tensor? {
    ownsGradient = false
    return storedGradient
  }

  public func clearGradient() { storedGradient = nil }

  /// Marks this leaf: later operations on it are recorded, and ``backward(retain:)`` fills ``gradient``.
  ///
  /// - Throws: ``FluxError`` when the tensor is itself the result of a recorded operation, or int64.
  @discardableResult
  public func requireGradient() throws -> Tensor {
    if let node {
      throw FluxError("the tensor is the result of '\(node.name)'", at: "Tensor:requires_grad",
        expected: "a leaf", remedy: "Call t:detach() first.")
    }
    guard dtype.isFloating else {
      throw FluxError("the tensor is int64", at: "Tensor:requires_grad", expected: "float32 or float64", remedy: "Call t:double() or t:float() first.")
    }
    requiresGradient = true
    return self
  }

  /// The same values, off the tape.
  public func detached() -> Tensor {
    Tensor(storage: storage, shape: shape, strides: strides, offset: offset, dtype: dtype, names: names)
  }

  /// Adds ∂self/∂leaf to the ``gradient`` of every leaf that requires one.
  ///
  /// - Parameter retain: keep the tape, so that a second call is possible.
  /// - Throws: ``FluxError`` when `self` has more than one element, is not on the tape,
  ///   was already used, or a value it needs was overwritten.
  public func backward(retain: Bool = false) throws { try backward(retain: retain, BackwardPass()) }

  private func backward(retain: Bool, _ pass: BackwardPass) throws {
    guard count == 1 else {
      throw FluxError("the tensor has shape \(shape)", at: "Tensor:backward", expected: "one element, a loss",
        remedy: "Reduce it first, for example with :sum() or :mean().")
    }
    guard isTracked else {
      throw FluxError("the tensor does not depend on one that requires a gradient", at: "Tensor:backward",
        expected: "a loss computed from parameters", remedy: "Call :requires_grad() on the leaves before computing with them.")
    }
    try Tape.withoutRecording {
      let seed = try Tensor.full(shape, 1, dtype)
      if let node { try pass.run(from: node, seed, retain: retain) } else { try pass.send(seed, owned: true, to: edge) }
    }
  }

  /// `body(x, …)` and its gradient by each `x`. No other leaf's ``gradient`` is touched.
  ///
  /// - Throws: what `body` throws; ``FluxError`` when its value has more than one element.
  public static func valueAndGradients(at inputs: [Tensor], _ body: ([Tensor]) throws -> Tensor) throws -> (value: Tensor, gradients: [Tensor]) {
    let leaves = try inputs.map { try $0.detached().requireGradient() }
    let value = try Tape.recording { try body(leaves) }
    // A value that does not depend on the inputs has gradients of zero.
    if value.isTracked { try value.backward(retain: false, BackwardPass(wanted: leaves)) }
    let gradients = try leaves.map { try $0.gradient ?? Tensor.zeros($0.shape, $0.dtype) }
    for (leaf, gradient) in zip(leaves, gradients) where gradient.names == nil { gradient.names = leaf.names }
    return (value.detached(), gradients)
  }
}
