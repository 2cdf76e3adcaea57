import Glibc
import Synchronization

/// Runs fixed pieces of work over the machine's cores.
///
/// Results never depend on the number of threads: callers cut their work into
/// tiles whose size does not depend on it, each tile writes its own place, and
/// partial sums are reduced in tile order.
public enum ThreadPool {
  /// The scope of ``withThreadCount(_:_:)`` that this task, or this tile, is inside of.
  @TaskLocal private static var scope: ThreadScope?

  private static let requested = Atomic<Int>(0)

  /// How many threads work at once: what ``withThreadCount(_:_:)`` said, `--threads`, `FLUXBRIDGE_THREADS`,
  /// or all cores.
  public static var threadCount: Int { scope?.threadCount ?? programCount }

  private static var programCount: Int {
    let n = requested.load(ordering: .relaxed)
    return n > 0 ? n : defaultThreadCount
  }

  /// Asked once: the system call costs as much as a small tensor operation.
  private static let defaultThreadCount: Int = {
    if let text = getenv("FLUXBRIDGE_THREADS"), let n = Int(String(cString: text)), n > 0 { return n }
    return max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }()

  /// Sets the number of threads for all later work of the program; inside of ``withThreadCount(_:_:)``, for the
  /// rest of that scope alone.
  public static func setThreadCount(_ count: Int) {
    if let scope { return scope.set(max(1, count)) }
    requested.store(max(1, count), ordering: .relaxed)
  }

  /// Calls `body` with a number of threads of its own, whatever the rest of the program does meanwhile.
  ///
  /// The threads are its own too: work in here never finds them busy with another task's, as the program's may be.
  ///
  /// - Parameter count: threads, at least 1.
  /// - Returns: what `body` returns.
  public static func withThreadCount<Result>(_ count: Int, _ body: () throws -> Result) rethrows -> Result {
    let scope = ThreadScope(max(1, count))
    defer { scope.crew.dismiss() }
    return try $scope.withValue(scope, operation: body)
  }

  /// Calls `body(tile, worker)` for every tile in `0 ..< count`, each exactly once, in any order.
  ///
  /// Work that is started from within a tile, or while another thread's work runs, stays on its own thread.
  ///
  /// - Parameters:
  ///   - body: must not throw, must not touch the interpreter; `worker` in
  ///     `0 ..< threadCount` names a private scratch area.
  public static func forEach(_ count: Int, _ body: @Sendable (_ tile: Int, _ worker: Int) -> Void) {
    if count > 1 {
      let scope = scope
      let workers = min(scope?.threadCount ?? programCount, count)
      if workers > 1, (scope?.crew ?? .shared).run(workers, count, scope, body) { return }
    }
    for tile in 0..<max(0, count) { body(tile, 0) }
  }

  /// Lets a thread of the crew see the count that holds where its work was started.
  static func inside(_ scope: ThreadScope?, _ work: () -> Void) {
    guard let scope else { return work() }
    $scope.withValue(scope, operation: work)
  }
}
