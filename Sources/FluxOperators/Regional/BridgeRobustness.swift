import FluxCore
import FluxData
import FluxDocument
import Synchronization

/// How much of a regional bridge hangs on the random draw of its candidates (paper Figs. B2–B4).
///
/// Each run draws candidates anew from the same strata and lets the Lasso choose; how often each pixel is chosen,
/// and which plants grow where it looks, tell what the choice is about.
public struct BridgeRobustness: Sendable {
  /// The share of the runs that chose a cell, NaN outside the regions; where regions share a cell the larger. Shape `[lat, lon]`.
  public let frequency: Cube
  /// Contributing pixels, mean and standard deviation over runs; and cover by type (mean over runs of the mean over chosen pixels).
  public let table: Table

  /// - Parameters:
  ///   - runs: how many draws.
  ///   - progress: called on this thread with the share that is done.
  /// - Throws: ``FluxError`` when the bridge was read from a file, or `runs` is none; ``Interrupted`` on Ctrl-C.
  public init(_ bridge: RegionalBridge, runs: Int, seed: UInt64, progress: (Double) -> Void = { _ in }) throws {
    let place = "Bridge:robustness"
    guard let source = bridge.source else {
      throw FluxError("the bridge was read from a file, without its reference", at: place, expected: "a bridge of this session",
        remedy: "Build it anew with bridge.regional{…}.")
    }
    guard runs >= 1 else { throw FluxError("\(runs) runs", at: place, expected: "1 or more") }
    let grid = bridge.drivers.grid, builder = source.builder
    var map = [Float](repeating: .nan, count: grid.cellCount)
    var table = Table(title: "Robustness: \(runs) draws of \(builder.candidates) candidates a region",
      columns: ["region", "pixels", "used", "±", "ever", "in ≥ 50 %"] + bridge.types,
      notes: ["used: contributing pixels of a run, mean and standard deviation; ever: chosen in any run; in half of the runs or more"])
    for (k, code) in bridge.regions.enumerated() {
      let region = try LabelChoice.places(of: [code], among: source.regions.codes)[0]
      let reference = try source.reference(region), strata = try source.strata(reference)
      let found = Mutex([Result<[Int], any Error>?](repeating: nil, count: runs))
      let share = WorkShare(runs), (regions, before) = (Double(bridge.regions.count), Double(k))
      withoutActuallyEscaping(progress) { progress in
        nonisolated(unsafe) let progress = progress
        ThreadPool.forEach(runs) { run, worker in
          let result = Result {
            try Interrupt.check()
            let own = seed &+ UInt64(region) &* 1_000_003 &+ UInt64(run) &* 7919
            let drawn = StratifiedDraw.draw(strata.labels, count: builder.candidates, allocation: builder.allocation, seed: own)
            return try builder.select(reference, drawn).chosen
          }
          found.withLock { $0[run] = result }
          let done = share.add()
          if worker == 0 { progress((before + done) / regions) }
        }
      }
      let chosen = try found.withLock { try $0.compactMap { try $0?.get() } }
      var counts = [Int](repeating: 0, count: reference.cells.count)
      for run in chosen { for pixel in run { counts[pixel] += 1 } }
      for (pixel, cell) in reference.cells.enumerated() {
        let frequency = Float(counts[pixel]) / Float(runs)
        map[cell] = map[cell].isNaN ? frequency : max(map[cell], frequency)
      }
      let used = chosen.map { Double($0.count) }, mean = used.reduce(0, +) / Double(runs)
      let spread = (used.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, runs - 1))).squareRoot()
      var row: [Table.Cell] = [
        .text(code), .number(Double(counts.count), digits: 0), .number(mean, digits: 1), .number(spread, digits: 1),
        .number(Double(counts.count { $0 > 0 }), digits: 0), .number(Double(counts.count { 2 * $0 >= runs }), digits: 0),
      ]
      if let cover = builder.cover {
        let each = chosen.map { cover.mean($0.map { reference.cells[$0] }) }, whole = cover.mean(reference.cells, weights: reference.weights)
        for type in cover.types.indices {
          let mean = each.reduce(0) { $0 + $1[type] } / Double(runs)
          row.append(.text("\(DecimalText.fixed(mean * 100, 0))/\(DecimalText.fixed(whole[type] * 100, 0))"))
        }
      }
      table.rows.append(row)
    }
    if !bridge.types.isEmpty { table.notes.append("Plant functional types: % of the cover of the contributing pixels / of the region") }
    self.table = table
    frequency = try Cube(name: "selection_frequency", values: map, grid: grid, unit: "1", longName: "share of the draws in which a pixel was chosen")
  }
}
