import FluxCore
import Glibc
import Synchronization
import Testing

@Suite("The thread pool")
struct ThreadPoolTests {
  @Test("every tile runs exactly once, call after call")
  func everyTileOnce() {
    let counts = Mutex([Int](repeating: 0, count: 17))
    ThreadPool.withThreadCount(3) {
      for _ in 0..<2000 { ThreadPool.forEach(17) { tile, _ in counts.withLock { $0[tile] += 1 } } }
    }
    #expect(counts.withLock { $0 } == [Int](repeating: 2000, count: 17))
  }

  @Test("work started within a tile runs on the tile's own thread, and sees the same number of threads")
  func nested() {
    let total = Mutex(0), strays = Mutex(0)
    ThreadPool.withThreadCount(2) {
      ThreadPool.forEach(8) { outer, _ in
        let mine = Self.thread
        ThreadPool.forEach(5) { inner, _ in
          total.withLock { $0 += outer * inner }
          if Self.thread != mine || ThreadPool.threadCount != 2 { strays.withLock { $0 += 1 } }
        }
      }
    }
    #expect(total.withLock { $0 } == 28 * 10)
    #expect(strays.withLock { $0 } == 0)
  }

  @Test("workers have numbers of their own below the number of threads")
  func workerNumbers() {
    let busy = Mutex(Set<Int>()), clashes = Mutex(0)
    ThreadPool.withThreadCount(4) {
      for _ in 0..<200 {
        ThreadPool.forEach(64) { _, worker in
          let isNew = busy.withLock { $0.insert(worker).inserted }
          if !isNew || worker < 0 || worker > 3 { clashes.withLock { $0 += 1 } }
          _ = busy.withLock { $0.remove(worker) }
        }
      }
    }
    #expect(clashes.withLock { $0 } == 0)
  }

  @Test("as many threads work as were asked for, each under a number of its own", arguments: 1...4)
  func asked(count: Int) {
    for _ in 0..<20 { #expect(Self.workers(count) == Set(0..<count)) }
  }

  @Test("two tasks at once have each its own number of threads")
  func concurrently() async {
    let before = ThreadPool.threadCount
    // Each waits inside its own scope until the other is inside of its own.
    let meeting = Meeting()
    @Sendable func task(_ count: Int) -> (seen: Int, worked: Set<Int>) {
      ThreadPool.withThreadCount(count) {
        meeting.wait(for: 2)
        return (ThreadPool.threadCount, Self.workersNow(count))
      }
    }
    async let one = task(1)
    async let two = task(2)
    let answers = await (one, two)
    #expect(answers.0.seen == 1 && answers.0.worked == [0])
    #expect(answers.1.seen == 2 && answers.1.worked == [0, 1])
    #expect(ThreadPool.threadCount == before)
  }

  @Test("inside a scope, the setter changes that scope alone")
  func setter() {
    let before = ThreadPool.threadCount
    ThreadPool.withThreadCount(1) {
      ThreadPool.setThreadCount(3)
      #expect(ThreadPool.threadCount == 3)
      #expect(Self.workersNow(3) == [0, 1, 2])
      ThreadPool.withThreadCount(2) { #expect(ThreadPool.threadCount == 2) }
      #expect(ThreadPool.threadCount == 3)
    }
    #expect(ThreadPool.threadCount == before)
  }

  @Test("outside of any, it changes the program's, and none below 1")
  func program() async {
    // In a process of its own: other suites work meanwhile with the number that holds in this one.
    await #expect(processExitsWith: .success) {
      ThreadPool.setThreadCount(3)
      guard ThreadPool.threadCount == 3 else { exit(1) }
      ThreadPool.withThreadCount(2) { ThreadPool.setThreadCount(1) }
      guard ThreadPool.threadCount == 3 else { exit(2) }
      ThreadPool.setThreadCount(0)
      guard ThreadPool.threadCount == 1 else { exit(3) }
    }
  }

  @Test("what is thrown inside of a scope comes out of it, and ends it")
  func thrown() {
    let before = ThreadPool.threadCount
    #expect(throws: Interrupted.self) { try ThreadPool.withThreadCount(before + 1) { throw Interrupted() } }
    #expect(ThreadPool.threadCount == before)
  }

  /// The numbers of the workers that took part in work of `count` tiles, none of which ends before all have begun,
  /// so that no thread can take two.
  private static func workersNow(_ count: Int) -> Set<Int> {
    let workers = Mutex(Set<Int>()), threads = Mutex(Set<UInt>()), meeting = Meeting()
    ThreadPool.forEach(count) { _, worker in
      workers.withLock { _ = $0.insert(worker) }
      threads.withLock { _ = $0.insert(thread) }
      meeting.wait(for: count)
    }
    #expect(threads.withLock { $0.count } == count)
    return workers.withLock { $0 }
  }

  private static func workers(_ count: Int) -> Set<Int> { ThreadPool.withThreadCount(count) { workersNow(count) } }

  private static var thread: UInt { UInt(pthread_self()) }

  /// Where threads wait until enough have come; for a minute at most, so that a test that fails ends.
  private final class Meeting: Sendable {
    private let present = Atomic<Int>(0)
    func wait(for count: Int) {
      present.wrappingAdd(1, ordering: .sequentiallyConsistent)
      let end = MonotonicClock.seconds + 60
      while present.load(ordering: .sequentiallyConsistent) < count, MonotonicClock.seconds < end { usleep(100) }
    }
  }
}
