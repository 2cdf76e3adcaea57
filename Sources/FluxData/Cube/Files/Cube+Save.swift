import FluxCore

extension Cube {
  /// Writes the cube to a CF-1.8 netCDF-4 file, a block at a time; the file appears whole or not at all. Its attributes tell the
  /// program and netCDF versions, the script and the inputs with the hashes of their bytes, and the seed.
  ///
  /// - Parameter deflate: zlib level, 0 for none.
  public func save(_ path: String, deflate: Int = 1) throws {
    // What it is made of is read before the target may replace one of the inputs.
    let writer = try NetCDFWriter(path: path, attributes: .provenance(inputs: inputs))
    var axes: [String] = []
    var chunks: [Int] = []
    if let leading {
      try writer.defineLabels(leading.labels, dimension: leading.name)
      axes.append(leading.name)
      chunks.append(1)
    }
    if let time {
      try writer.defineTime(time)
      axes.append("time")
      chunks.append(1)
    }
    try writer.defineGrid(grid)
    axes += ["lat", "lon"]
    chunks += [grid.rows, grid.columns]
    // Chunks of about 1 MB at least: whole maps, several times together where maps are small.
    if time != nil { chunks[chunks.count - 3] = max(1, min(timeCount, (1 << 18) / max(1, grid.cellCount))) }

    var own: NetCDFAttributes = ["long_name": .text(longName)]
    if let standardName = Quantity.named(name)?.standardName { own["standard_name"] = .text(standardName) }
    if !unitText.isEmpty { own["units"] = .text(unit?.description ?? unitText) }
    if let sign = Quantity.named(name)?.sign { own["comment"] = .text("sign: " + sign) }
    try writer.define(
      variable: name, type: .float, dimensions: axes, attributes: own.merging(attributes), fill: .nan, deflate: deflate > 0 ? deflate : nil,
      chunks: chunks)
    try forEachBlock { block, values in
      var start = [0, 0], count = [grid.rows, grid.columns]
      if time != nil { (start, count) = ([block.time.lowerBound] + start, [block.time.count] + count) }
      if leading != nil { (start, count) = ([block.leading] + start, [1] + count) }
      try writer.write(values, to: name, start: start, count: count)
    }
    try writer.commit()
  }
}
