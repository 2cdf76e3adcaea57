import Synchronization

/// A number of threads, and the threads, of one ``ThreadPool/withThreadCount(_:_:)``.
final class ThreadScope: Sendable {
  private let count: Atomic<Int>
  let crew = WorkerCrew()

  init(_ count: Int) { self.count = Atomic(count) }

  var threadCount: Int { count.load(ordering: .relaxed) }
  func set(_ count: Int) { self.count.store(count, ordering: .relaxed) }
}
