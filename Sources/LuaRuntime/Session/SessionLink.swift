import Synchronization

/// What a ``LuaReference`` holds of its session: the way back while it lives,
/// and the queue of references that were dropped on whatever thread.
///
/// Not a weak reference: the first weak reference to an object moves its
/// counts to a side table, and every call from Lua would then pay 200 ns more.
final class SessionLink: @unchecked Sendable {
  /// Read and set on the interpreter's thread alone.
  unowned(unsafe) var session: LuaSession?
  private let dropped = Mutex<[Int32]>([])

  func drop(_ key: Int32) { dropped.withLock { $0.append(key) } }

  /// The registry keys that were dropped since the last time.
  func takeDropped() -> [Int32] {
    dropped.withLock { keys in
      defer { keys.removeAll(keepingCapacity: true) }
      return keys
    }
  }
}
