import FluxCore
import Synchronization

/// Means over the times of each slot of an average year, each value read once.
struct SlotMeans {
  let cube: Cube
  /// The slot of each time.
  let slot: [Int]
  let slotCount: Int

  /// `[leading, slot, row, column]`, NaN where nothing was valid, and how many values were missing.
  typealias Result = (values: [Float], missing: Int)

  /// Each slot with all its times, the slots side by side on all threads; the memory is that of the result and a map for
  /// each thread. Each sum runs in order of time, whatever the number of threads.
  func slotBySlot() throws -> Result {
    let cells = cube.grid.cellCount, source = cube.source
    let count = cube.leadingCount * slotCount * cells
    try AvailableMemory.require(count, ofSize: 4, for: "the seasonal cycle of '\(cube.name)'", at: "cube:msc")
    var times = [[Int]](repeating: [], count: slotCount)
    for (time, slot) in slot.enumerated() { times[slot].append(time) }
    let members = times
    let rows = 0..<cube.grid.rows, columns = 0..<cube.grid.columns
    let failure = Mutex<(any Error)?>(nil), missing = Atomic<Int>(0)
    let values = try [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      nonisolated(unsafe) let target = buffer
      let scratch = (0..<ThreadPool.threadCount).map { _ in SlotScratch(cells) }
      ThreadPool.forEach(cube.leadingCount * slotCount) { place, worker in
        if failure.withLock({ $0 != nil }) { return }
        do {
          let own = scratch[worker]
          own.clear()
          for time in members[place % slotCount] {
            try Interrupt.check()
            try source.read(CubeBlock(leading: place / slotCount, time: time..<time + 1, rows: rows, columns: columns), into: own.map)
            own.add()
          }
          let skipped = own.means(into: UnsafeMutableBufferPointer(rebasing: target[place * cells..<(place + 1) * cells]), of: members[place % slotCount].count)
          missing.wrappingAdd(skipped, ordering: .relaxed)
        } catch {
          failure.withLock { $0 = $0 ?? error }
        }
      }
      if let error = failure.withLock({ $0 }) { throw error }
      filled = count
    }
    return (values, missing.load(ordering: .relaxed))
  }

  /// In the order of the file, for times that lie together in it: sums for all slots at once.
  func inOrderOfTime() throws -> Result {
    let cells = cube.grid.cellCount
    try AvailableMemory.require(
      cube.leadingCount * slotCount, ofSize: cells * 20, for: "the seasonal cycle of '\(cube.name)'", at: "cube:msc")
    var accumulator = StatisticAccumulator(.mean, places: cube.leadingCount * slotCount * cells)
    try cube.forEachBlock { block, values in
      guard let start = values.baseAddress else { return }
      for (offset, time) in block.time.enumerated() {
        accumulator.add(
          start + offset * cells, count: cells, weights: nil, from: (block.leading * slotCount + slot[time]) * cells, step: 1)
      }
    }
    return (accumulator.results(), accumulator.missing)
  }
}

/// One thread's map, and the sums of one slot. Unchecked: the thread pool gives each worker's number to one thread alone.
private final class SlotScratch: @unchecked Sendable {
  let map: UnsafeMutableBufferPointer<Float>
  private let sums: UnsafeMutableBufferPointer<Double>
  private let counts: UnsafeMutableBufferPointer<Int32>

  init(_ cells: Int) {
    map = .allocate(capacity: cells)
    sums = .allocate(capacity: cells)
    counts = .allocate(capacity: cells)
  }

  deinit {
    map.deallocate()
    sums.deallocate()
    counts.deallocate()
  }

  func clear() {
    sums.update(repeating: 0)
    counts.update(repeating: 0)
  }

  func add() {
    for i in 0..<map.count {
      let value = map[i], isValid = value == value
      sums[i] += isValid ? Double(value) : 0
      counts[i] &+= isValid ? 1 : 0
    }
  }

  /// - Returns: how many of `times` values a cell were missing, over all cells.
  func means(into target: UnsafeMutableBufferPointer<Float>, of times: Int) -> Int {
    var valid = 0
    for i in 0..<target.count {
      // 0 / 0 is the NaN of a cell without values.
      target[i] = Float(sums[i] / Double(counts[i]))
      valid &+= Int(counts[i])
    }
    return times * target.count - valid
  }
}
