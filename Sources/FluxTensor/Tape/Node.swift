import FluxCore

/// Where a gradient goes: into a leaf, on through an earlier operation, or nowhere.
enum Edge {
  case none
  case leaf(Tensor)
  case node(Node)

  /// Whether a gradient is wanted at all.
  var leads: Bool { if case .none = self { false } else { true } }
}

extension Tensor {
  var edge: Edge {
    if let node { return .node(node) }
    return requiresGradient ? .leaf(self) : .none
  }
}

/// A block of memory that an operation reads again when its gradient is taken, and its version at the time.
struct Guarded {
  let storage: Storage
  let version: Int

  init(_ storage: Storage) {
    self.storage = storage
    version = storage.version
  }
  init(_ tensor: Tensor) { self.init(tensor.storage) }

  var isUnchanged: Bool { storage.version == version }
}

/// One recorded operation: where gradients go, and how they come back.
///
/// It keeps what its own rule reads and nothing else, so that memory is given back early and
/// only such in-place changes are refused as would falsify a gradient.
class Node {
  /// Later operations have greater numbers: a topological order for free.
  final let order: Int
  /// ∂loss/∂output, while a backward pass is under way.
  final var incoming: Tensor?
  /// Whether ``incoming`` belongs to this node alone and may be written over.
  final var ownsIncoming = false
  /// The last backward pass that came by.
  final var visit = 0
  /// Whether a backward pass used it up.
  final var isSpent = false
  /// The first two inputs; enough for most operations.
  final var first: Edge, second: Edge

  init(_ first: Edge, _ second: Edge, _ state: TapeState) {
    self.first = first
    self.second = second
    state.operationCount += 1
    order = state.operationCount
  }

  deinit { letGo() }

  /// As a user knows it: `mul`, `tanh`.
  var name: String { "" }
  /// Whether nothing that ``pull(_:owned:_:)`` reads was changed since.
  var isUnchanged: Bool { true }
  /// Sends gradients to the inputs.
  func pull(_ incoming: Tensor, owned: Bool, _ pass: BackwardPass) throws {}
  /// Gives back what was kept for ``pull(_:owned:_:)``.
  func forget() {}

  /// Calls `body` for each operation that this one depends on.
  func forEachSource(_ body: (Node) -> Void) {
    if case .node(let node) = first { body(node) }
    if case .node(let node) = second { body(node) }
  }

  /// Cuts the ties to earlier operations, without recursion.
  func letGo() {
    if case .node(let node) = first { TapeState.current.drop(node) }
    if case .node(let node) = second { TapeState.current.drop(node) }
    first = .none
    second = .none
  }
}
