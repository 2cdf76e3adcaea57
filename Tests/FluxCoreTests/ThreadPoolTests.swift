import FluxCore
import Synchronization
import Testing

@Suite("The thread pool", .serialized)
struct ThreadPoolTests {
  @Test("every tile runs exactly once, call after call")
  func everyTileOnce() {
    ThreadPool.setThreadCount(3)
    let counts = Mutex([Int](repeating: 0, count: 17))
    for _ in 0..<2000 { ThreadPool.forEach(17) { tile, _ in counts.withLock { $0[tile] += 1 } } }
    #expect(counts.withLock { $0 } == [Int](repeating: 2000, count: 17))
  }

  @Test("work started within a tile runs on the tile's own thread")
  func nested() {
    ThreadPool.setThreadCount(2)
    let total = Mutex(0)
    ThreadPool.forEach(8) { outer, _ in
      ThreadPool.forEach(5) { inner, _ in total.withLock { $0 += outer * inner } }
    }
    #expect(total.withLock { $0 } == 28 * 10)
  }

  @Test("workers have numbers of their own below the number of threads")
  func workerNumbers() {
    ThreadPool.setThreadCount(4)
    let busy = Mutex(Set<Int>()), clashes = Mutex(0)
    for _ in 0..<200 {
      ThreadPool.forEach(64) { _, worker in
        let isNew = busy.withLock { $0.insert(worker).inserted }
        if !isNew || worker < 0 || worker > 3 { clashes.withLock { $0 += 1 } }
        _ = busy.withLock { $0.remove(worker) }
      }
    }
    #expect(clashes.withLock { $0 } == 0)
  }
}
