import Glibc
import Synchronization

/// Runs fixed pieces of work over the machine's cores.
///
/// Results never depend on the number of threads: callers cut their work into
/// tiles whose size does not depend on it, each tile writes its own place, and
/// partial sums are reduced in tile order.
public enum ThreadPool {
  private static let requested = Atomic<Int>(0)

  /// How many threads work at once: `--threads`, `FLUXBRIDGE_THREADS`, or all cores.
  public static var threadCount: Int {
    let n = requested.load(ordering: .relaxed)
    return n > 0 ? n : defaultThreadCount
  }

  /// Asked once: the system call costs as much as a small tensor operation.
  private static let defaultThreadCount: Int = {
    if let text = getenv("FLUXBRIDGE_THREADS"), let n = Int(String(cString: text)), n > 0 { return n }
    return max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }()

  /// Sets the number of threads for all later work.
  public static func setThreadCount(_ count: Int) { requested.store(max(1, count), ordering: .relaxed) }

  /// Calls `body(tile, worker)` for every tile in `0 ..< count`, each exactly once, in any order.
  ///
  /// Work that is started from within a tile, or while another thread's work runs, stays on its own thread.
  ///
  /// - Parameters:
  ///   - body: must not throw, must not touch the interpreter; `worker` in
  ///     `0 ..< threadCount` names a private scratch area.
  public static func forEach(_ count: Int, _ body: @Sendable (_ tile: Int, _ worker: Int) -> Void) {
    let workers = min(threadCount, count)
    if workers > 1, WorkerCrew.shared.run(workers, count, body) { return }
    for tile in 0..<max(0, count) { body(tile, 0) }
  }
}
