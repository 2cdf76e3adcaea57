import Glibc

/// What one thread keeps between operations on tensors.
final class TapeState {
  var isRecording = true
  var operationCount = 0
  var passCount = 0
  var pool = BlockPool()
  private var dropped: [Node] = []
  private var isDropping = false

  /// Lets go of a node without recursion: a chain of a million operations must not exhaust the stack.
  func drop(_ node: consuming Node) {
    dropped.append(node)
    if isDropping { return }
    isDropping = true
    while !dropped.isEmpty { _ = dropped.removeLast() }
    isDropping = false
  }

  deinit { pool.drain() }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { Unmanaged<TapeState>.fromOpaque($0!).release() }
    return key
  }()

  static var current: TapeState {
    if let raw = pthread_getspecific(key) { return Unmanaged<TapeState>.fromOpaque(raw).takeUnretainedValue() }
    let state = TapeState()
    pthread_setspecific(key, Unmanaged.passRetained(state).toOpaque())
    return state
  }
}
