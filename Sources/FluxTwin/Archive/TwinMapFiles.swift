import FluxCore
import FluxData

/// Writes fields of the twin's pixels as maps over time, NaN at sea.
struct TwinMapFiles {
  let geography: TwinGeography
  /// The archive's folder.
  let path: String

  /// What the maps of a file are called.
  struct Label {
    let name: String
    let longName: String
    let unit: String
    var attributes: NetCDFAttributes = [:]

    init(_ quantity: Quantity) {
      name = quantity.name
      longName = quantity.longName
      unit = quantity.unit
      if let standardName = quantity.standardName { attributes["standard_name"] = .text(standardName) }
      if let sign = quantity.sign { attributes["comment"] = .text("sign: " + sign) }
    }

    init(_ name: String, _ longName: String, _ unit: String) {
      self.name = name
      self.longName = longName
      self.unit = unit
    }
  }

  /// Opens a file with its axes and one variable; maps are stored several together, about 1 MB a chunk.
  func begin(
    _ file: String, _ label: Label, time: TimeAxis?, grid: Grid, packing: Packing? = nil, axes: (latitude: String, longitude: String) = ("lat", "lon")
  ) throws -> NetCDFWriter {
    let writer = try NetCDFWriter(path: path + "/" + file, attributes: ["title": .text(TwinArchive.mark)])
    var dimensions: [String] = [], chunks: [Int] = []
    if let time {
      try writer.defineTime(time)
      dimensions.append("time")
      chunks.append(max(1, min(time.count, (1 << 18) / grid.cellCount)))
    }
    try writer.defineGrid(grid, latitude: axes.latitude, longitude: axes.longitude)
    let own: NetCDFAttributes = ["long_name": .text(label.longName), "units": .text(label.unit)]
    try writer.define(
      variable: label.name, type: .float, dimensions: dimensions + [axes.latitude, axes.longitude], attributes: own.merging(label.attributes),
      fill: .nan, deflate: 1, chunks: chunks + [grid.rows, grid.columns], packing: packing)
    return writer
  }

  /// Writes a field of the twin's pixels as maps over time, NaN at sea.
  ///
  /// - Parameters:
  ///   - field: shape `[pixel][lead + step]`.
  ///   - minus: taken off it.
  ///   - skipping: steps before the first that is written.
  func write(
    _ field: DailyField, minus: DailyField? = nil, skipping: Int = 0, to file: String, _ label: Label, time: TimeAxis,
    packing: Packing? = nil
  ) throws {
    let grid = geography.grid, cells = geography.cells, width = grid.cellCount
    let writer = try begin(file, label, time: time, grid: grid, packing: packing)
    // Sixteen steps together: a line of the processor's cache holds that many of a pixel.
    let block = max(1, min(time.count, max(16, (1 << 18) / width)))
    var maps = [Float](repeating: .nan, count: block * width)
    for first in stride(from: 0, to: time.count, by: block) {
      try Interrupt.check()
      let count = min(block, time.count - first)
      maps.withUnsafeMutableBufferPointer { maps in
        for (pixel, cell) in cells.enumerated() {
          let series = field.series(pixel) + skipping + first
          if let minus {
            let other = minus.series(pixel) + skipping + first
            for step in 0..<count { maps[step * width + cell] = series[step] - other[step] }
          } else {
            for step in 0..<count { maps[step * width + cell] = series[step] }
          }
        }
      }
      try maps.withUnsafeBufferPointer {
        try writer.write(
          UnsafeBufferPointer(rebasing: $0[..<(count * width)]), to: label.name, start: [first, 0, 0],
          count: [count, grid.rows, grid.columns])
      }
    }
    try writer.commit()
  }
}
