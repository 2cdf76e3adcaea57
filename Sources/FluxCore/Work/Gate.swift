import Synchronization

/// Lets one thread at a time through: for caches that several trainings share.
public final class Gate: Sendable {
  private let mutex = Mutex<Void>(())
  public init() {}

  /// Runs `body` alone. Not re-entrant.
  public func pass<Result>(_ body: () throws -> Result) rethrows -> Result {
    try mutex.withLock { _ in try body() }
  }
}
