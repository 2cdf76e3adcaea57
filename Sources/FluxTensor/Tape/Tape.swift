import FluxCore

/// One recorded operation: what went in, and how a gradient comes back.
final class Node {
  let name: String
  let inputs: [Tensor]
  /// The versions of the inputs' memory when they were read.
  let versions: [Int]
  /// Later operations have greater numbers: a topological order for free.
  let order: Int
  /// ∂loss/∂output → ∂loss/∂input, one for each input, `nil` where there is none. Dropped once used.
  var pullback: ((Tensor) throws -> [Tensor?])?
  /// ∂loss/∂output, while a backward pass is under way.
  var incoming: Tensor?

  init(_ name: String, _ inputs: [Tensor], _ pullback: @escaping (Tensor) throws -> [Tensor?]) {
    self.name = name
    self.inputs = inputs
    self.pullback = pullback
    versions = inputs.map(\.storage.version)
    let state = TapeState.current
    state.operationCount += 1
    order = state.operationCount
  }
}

/// The record of operations that reverse-mode differentiation plays backward.
///
/// Each thread has its own; in a session only the interpreter's thread computes with tensors.
public enum Tape {
  static var isRecording: Bool {
    get { TapeState.current.isRecording }
    set { TapeState.current.isRecording = newValue }
  }

  /// Runs `body` without recording: what it makes has no gradient.
  public static func withoutRecording<R>(_ body: () throws -> R) rethrows -> R {
    let before = isRecording
    isRecording = false
    defer { isRecording = before }
    return try body()
  }

  /// Puts an operation on the tape when one of its inputs asks for it.
  ///
  /// This is the door for fused operations of higher layers: the result may have
  /// been computed anyhow, `pullback` turns ∂loss/∂result into ∂loss/∂input.
  ///
  /// - Parameter pullback: called at most once per backward pass, without recording.
  public static func record(_ name: String, _ inputs: [Tensor], _ result: Tensor,
    pullback: @escaping (_ incoming: Tensor) throws -> [Tensor?]
  ) -> Tensor {
    if isRecording, inputs.contains(where: \.isTracked) { result.node = Node(name, inputs, pullback) }
    return result
  }
}

extension Tensor {
  /// Whether operations on this tensor are recorded.
  public var isTracked: Bool { requiresGradient || node != nil }

  /// Marks this leaf: later operations on it are recorded, and ``backward(retain:)`` fills ``gradient``.
  ///
  /// - Throws: ``FluxError`` when the tensor is itself the result of a recorded operation.
  @discardableResult
  public func requireGradient() throws -> Tensor {
    guard node == nil else {
      throw FluxError("the tensor is the result of '\(node!.name)'", at: "Tensor:requires_grad",
        expected: "a leaf", remedy: "Call t:detach() first.")
    }
    requiresGradient = true
    return self
  }

  /// The same values, off the tape.
  public func detached() -> Tensor {
    Tensor(storage: storage, shape: shape, strides: strides, offset: offset, dtype: dtype, names: names)
  }

  public func clearGradient() { gradient = nil }

  /// Adds ∂self/∂leaf to the ``gradient`` of every leaf that requires one.
  ///
  /// - Parameter retain: keep the tape, so that a second call is possible.
  /// - Throws: ``FluxError`` when `self` has more than one element, is not on the tape,
  ///   was already used, or a value it needs was overwritten.
  public func backward(retain: Bool = false) throws {
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
      guard let root = node else { try accumulate(seed); return }
      root.incoming = seed
      var order: [Node] = []
      defer { for node in order { node.incoming = nil } }
      order = Self.nodes(below: root)
      for node in order {
        guard let incoming = node.incoming else { continue }
        node.incoming = nil
        guard let pullback = node.pullback else {
          throw FluxError("the tape of this loss was already used at '\(node.name)'", at: "Tensor:backward",
            expected: "a fresh forward pass", remedy: "Compute the loss again, or call backward{retain=true} the first time.")
        }
        for (input, version) in zip(node.inputs, node.versions) where input.storage.version != version {
          throw FluxError("a tensor that '\(node.name)' needs was changed in place afterwards", at: "Tensor:backward",
            expected: "unchanged values", remedy: "Change a copy (t:clone()) instead.")
        }
        let gradients = try pullback(incoming)
        if !retain { node.pullback = nil }
        for (input, gradient) in zip(node.inputs, gradients) {
          guard let gradient, input.isTracked else { continue }
          if let below = input.node {
            below.incoming = try below.incoming.map { try $0.adding(gradient) } ?? gradient
          } else {
            try input.accumulate(gradient)
          }
        }
      }
    }
  }

  private func accumulate(_ more: Tensor) throws {
    gradient = try gradient.map { try $0.adding(more) } ?? more
  }

  /// Every node that `root` depends on, latest first. Iterative: tapes may be long.
  private static func nodes(below root: Node) -> [Node] {
    var seen: Set<ObjectIdentifier> = [ObjectIdentifier(root)]
    var found = [root], next = 0
    while next < found.count {
      for input in found[next].inputs {
        if let node = input.node, seen.insert(ObjectIdentifier(node)).inserted { found.append(node) }
      }
      next += 1
    }
    return found.sorted { $0.order > $1.order }
  }
}
