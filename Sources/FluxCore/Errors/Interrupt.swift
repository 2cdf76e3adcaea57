import Glibc
import Synchronization

/// The flag that a Ctrl-C raises and that long loops look at between blocks.
///
/// The signal handler only sets it; whoever runs the loop throws.
public enum Interrupt {
  /// 1 when all threads are to stop, and 2 for each thread that is to stop alone.
  private static let state = Atomic<Int>(0)
  private static let alone = Mutex<Set<pthread_t>>([])

  /// Whether the user asked to stop. One relaxed load: cheap enough for any block of work.
  public static var isPending: Bool {
    let state = state.load(ordering: .relaxed)
    return state != 0 && (state & 1 != 0 || alone.withLock { $0.contains(pthread_self()) })
  }

  /// Called from the signal handler: async-signal-safe, a single atomic operation.
  public static func raise() { state.bitwiseOr(1, ordering: .relaxed) }

  /// Stops the calling thread and no other: for tests, of which many run in one process.
  public static func raiseHere() {
    alone.withLock { if $0.insert(pthread_self()).inserted { state.add(2, ordering: .relaxed) } }
  }

  /// Called by the top level once the interrupt has been answered.
  public static func clear() {
    guard state.bitwiseAnd(~1, ordering: .relaxed).newValue != 0 else { return }
    alone.withLock { if $0.remove(pthread_self()) != nil { state.subtract(2, ordering: .relaxed) } }
  }

  /// Throws ``Interrupted`` when the user asked to stop.
  public static func check() throws {
    if isPending { throw Interrupted() }
  }
}
