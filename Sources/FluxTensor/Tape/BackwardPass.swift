import FluxCore

/// One walk back over the tape.
///
/// Gradients are added up in place wherever one tensor has them to itself: a gradient that is
/// handed to several takers is marked as nobody's, and never written over.
final class BackwardPass {
  /// The leaves that are asked for; nil for all that require a gradient.
  private let wanted: Set<ObjectIdentifier>?

  init(wanted: [Tensor]? = nil) { self.wanted = wanted.map { Set($0.map { ObjectIdentifier($0) }) } }

  /// - Parameter retain: keep the tape, so that a second pass is possible.
  /// - Throws: ``FluxError`` when an operation was used up before, or a value it needs was overwritten.
  func run(from root: Node, _ seed: Tensor, retain: Bool) throws {
    root.incoming = seed
    root.ownsIncoming = true
    let nodes = Self.nodes(below: root)
    defer { for node in nodes { node.incoming = nil } }
    for node in nodes {
      guard let incoming = node.incoming else { continue }
      node.incoming = nil
      guard !node.isSpent else {
        throw FluxError("the tape of this loss was already used at '\(node.name)'", at: "Tensor:backward",
          expected: "a fresh forward pass", remedy: "Compute the loss again, or call backward{retain=true} the first time.")
      }
      guard node.isUnchanged else {
        throw FluxError("a tensor that '\(node.name)' needs was changed in place afterwards", at: "Tensor:backward",
          expected: "unchanged values", remedy: "Change a copy (t:clone()) instead.")
      }
      try node.pull(incoming, owned: node.ownsIncoming, self)
      if !retain {
        node.isSpent = true
        node.forget()
      }
    }
  }

  /// Adds a gradient to what has arrived at its goal before.
  ///
  /// - Parameter owned: whether nobody else holds the gradient.
  /// - Returns: whether the gradient's memory was kept.
  @discardableResult
  func send(_ gradient: Tensor, owned: Bool, to edge: Edge) throws -> Bool {
    switch edge {
    case .none:
      return false
    case .node(let node):
      guard let arrived = node.incoming else {
        node.incoming = gradient
        node.ownsIncoming = owned
        return true
      }
      if node.ownsIncoming {
        arrived.add(inPlace: gradient)
        return false
      }
      node.incoming = try Self.sum(gradient, owned: owned, arrived)
      node.ownsIncoming = true
      return owned
    case .leaf(let leaf):
      if let wanted, !wanted.contains(ObjectIdentifier(leaf)) { return false }
      guard let arrived = leaf.storedGradient else {
        let own = owned && gradient.isContiguous ? gradient : try gradient.copied()
        own.names = leaf.names
        leaf.storedGradient = own
        leaf.ownsGradient = true
        return owned
      }
      if leaf.ownsGradient {
        arrived.add(inPlace: gradient)
        return false
      }
      let sum = try Self.sum(gradient, owned: owned, arrived)
      sum.names = leaf.names
      leaf.storedGradient = sum
      leaf.ownsGradient = true
      return owned
    }
  }

  private static func sum(_ gradient: Tensor, owned: Bool, _ arrived: Tensor) throws -> Tensor {
    let sum = owned && gradient.isContiguous ? gradient : try gradient.copied()
    sum.add(inPlace: arrived)
    return sum
  }

  /// Every operation that `root` depends on, latest first. Iterative: tapes may be long.
  private static func nodes(below root: Node) -> [Node] {
    let state = TapeState.current
    state.passCount += 1
    let visit = state.passCount
    root.visit = visit
    var found = [root], next = 0, isSorted = true
    while next < found.count {
      let before = found.count
      found[next].forEachSource { node in
        if node.visit != visit {
          node.visit = visit
          found.append(node)
        }
      }
      for k in before..<found.count where found[k].order > found[k - 1].order { isSorted = false }
      next += 1
    }
    if !isSorted { found.sort { $0.order > $1.order } }
    return found
  }
}
