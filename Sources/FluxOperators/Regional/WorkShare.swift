import Synchronization

/// How much of a known number of pieces is done, counted from any thread.
final class WorkShare: Sendable {
  private let count: Int
  private let done = Atomic<Int>(0)

  init(_ count: Int) { self.count = count }

  /// One more.
  ///
  /// - Returns: the share that is done, 0 to 1.
  func add() -> Double { Double(done.wrappingAdd(1, ordering: .relaxed).newValue) / Double(count) }
}
