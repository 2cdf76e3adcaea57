/// An operation whose gradient is a closure: any number of inputs.
final class RecordedNode: Node {
  private let label: String
  private var edges: [Edge]
  private var guards: [Guarded]
  private var pullback: ((Tensor) throws -> [Tensor?])?

  init(_ label: String, _ inputs: [Tensor], reading: [Tensor], _ pullback: @escaping (Tensor) throws -> [Tensor?], _ state: TapeState) {
    self.label = label
    edges = inputs.map(\.edge)
    guards = reading.map { Guarded($0) }
    self.pullback = pullback
    super.init(.none, .none, state)
  }

  override var name: String { label }
  override var isUnchanged: Bool { guards.allSatisfy(\.isUnchanged) }

  override func pull(_ incoming: Tensor, owned: Bool, _ pass: BackwardPass) throws {
    guard let pullback else { return }
    for (edge, gradient) in zip(edges, try pullback(incoming)) {
      // A pullback may hand the incoming gradient on, or a view of it: nobody owns it.
      if let gradient { try pass.send(gradient, owned: false, to: edge) }
    }
  }

  override func forget() {
    pullback = nil
    guards = []
  }

  override func forEachSource(_ body: (Node) -> Void) {
    for case .node(let node) in edges { body(node) }
  }

  override func letGo() {
    for case .node(let node) in edges { TapeState.current.drop(node) }
    edges = []
  }
}
