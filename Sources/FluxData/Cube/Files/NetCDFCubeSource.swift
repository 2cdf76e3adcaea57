import FluxCore

/// Values of one variable of one file, turned into the order of the normalised grid while they are read.
struct NetCDFCubeSource: CubeSource {
  private let file: NetCDFReader
  private let layout: CubeLayout
  let timeChunk: Int

  init(file: NetCDFReader, layout: CubeLayout) {
    self.file = file
    self.layout = layout
    let chunks = file.chunks(of: layout.variable)
    timeChunk = layout.timeAxis.flatMap { axis in chunks.map { $0[axis] } } ?? 1
  }

  func read(_ block: CubeBlock, into values: UnsafeMutableBufferPointer<Float>) throws {
    guard block.size > 0 else { return }
    let variable = layout.variable
    // Consecutive columns of the grid may lie in two runs of the file (0…360), or backwards.
    let rowRuns = Self.runs(block.rows, layout.mapping.rowOrder)
    let columnRuns = Self.runs(block.columns, layout.mapping.columnOrder)
    for rows in rowRuns {
      for columns in columnRuns {
        var start = variable.shape.map { _ in 0 }, count = variable.shape.map { _ in 1 }
        func take(_ axis: Int?, _ first: Int, _ length: Int) {
          guard let axis else { return }
          (start[axis], count[axis]) = (first, length)
        }
        take(layout.leadingAxis, block.leading, 1)
        take(layout.timeAxis, block.time.lowerBound, block.time.count)
        take(layout.latitudeAxis, rows.firstInFile, rows.count)
        take(layout.longitudeAxis, columns.firstInFile, columns.count)
        let isInPlace = rowRuns.count == 1 && columnRuns.count == 1 && !rows.isReversed && !columns.isReversed && hasCubeOrder
        if isInPlace {
          try file.read(variable.name, start: start, count: count, into: values)
          continue
        }
        let part = try file.floats(variable.name, start: start, count: count)
        scatter(part, count: count, rows, columns, block, into: values)
      }
    }
  }

  /// Whether the file's axes already come as time, latitude, longitude.
  private var hasCubeOrder: Bool {
    let order = [layout.timeAxis, layout.latitudeAxis, layout.longitudeAxis].compactMap { $0 }
    return order == order.sorted()
  }

  /// A stretch of rows or columns that lie side by side in the file.
  private struct Run {
    /// The position of the first within the block.
    let firstInBlock: Int
    let firstInFile: Int
    let count: Int
    let isReversed: Bool
  }

  private static func runs(_ range: Range<Int>, _ order: [Int]) -> [Run] {
    var runs: [Run] = []
    var start = range.lowerBound
    while start < range.upperBound {
      var end = start + 1
      let step = end < range.upperBound && order[end] == order[start] - 1 ? -1 : 1
      while end < range.upperBound, order[end] == order[end - 1] + step { end += 1 }
      runs.append(Run(
        firstInBlock: start - range.lowerBound, firstInFile: step > 0 ? order[start] : order[end - 1], count: end - start,
        isReversed: step < 0))
      start = end
    }
    return runs
  }

  /// Copies a part in the file's order into its place in the block.
  private func scatter(
    _ part: [Float], count: [Int], _ rows: Run, _ columns: Run, _ block: CubeBlock, into values: UnsafeMutableBufferPointer<Float>
  ) {
    var strides = count
    var stride = 1
    for axis in count.indices.reversed() {
      strides[axis] = stride
      stride *= count[axis]
    }
    func step(_ axis: Int?) -> Int { axis.map { strides[$0] } ?? 0 }
    let timeStep = step(layout.timeAxis)
    var rowStep = step(layout.latitudeAxis), columnStep = step(layout.longitudeAxis)
    var origin = 0
    if rows.isReversed { (origin, rowStep) = (origin + rowStep * (rows.count - 1), -rowStep) }
    if columns.isReversed { (origin, columnStep) = (origin + columnStep * (columns.count - 1), -columnStep) }
    let (from, rowBy, columnBy) = (origin, rowStep, columnStep)
    nonisolated(unsafe) let values = values
    part.withUnsafeBufferPointer { part in
      nonisolated(unsafe) let part = part
      ThreadPool.forEach(block.time.count) { time, _ in
        for row in 0..<rows.count {
          var source = from + time * timeStep + row * rowBy
          let target = (time * block.rows.count + rows.firstInBlock + row) * block.columns.count + columns.firstInBlock
          if columnBy == 1, let line = part.baseAddress {
            values.baseAddress?.advanced(by: target).update(from: line + source, count: columns.count)
            continue
          }
          for column in 0..<columns.count {
            values[target + column] = part[source]
            source += columnBy
          }
        }
      }
    }
  }
}

/// Several cubes one after the other in time.
struct JoinedSource: CubeSource {
  let parts: [any CubeSource]
  /// The first time of each part, and the end of the last.
  let starts: [Int]
  var timeChunk: Int { parts.first?.timeChunk ?? 1 }

  init(_ parts: [(source: any CubeSource, timeCount: Int)]) {
    self.parts = parts.map(\.source)
    starts = parts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.timeCount) }
  }

  func read(_ block: CubeBlock, into values: UnsafeMutableBufferPointer<Float>) throws {
    let map = block.rows.count * block.columns.count
    for (i, part) in parts.enumerated() {
      let times = block.time.clamped(to: starts[i]..<starts[i + 1])
      guard !times.isEmpty else { continue }
      let target = UnsafeMutableBufferPointer(
        rebasing: values[(times.lowerBound - block.time.lowerBound) * map..<(times.upperBound - block.time.lowerBound) * map])
      try part.read(block.with(time: times.lowerBound - starts[i]..<times.upperBound - starts[i]), into: target)
    }
  }
}
