import FluxCore

/// A gridded variable: values on latitude and longitude, mostly in time too.
///
/// Lazy: a cube knows its axes and where its values come from; values are read or
/// computed when asked, a block at a time. Cubes never change; operations make new ones.
///
/// - Shape: `[leading, time, lat, lon]`, the first two only where the cube has them; latitude from south to
///   north, longitude from west to east in [-180, 180), whatever order the file has.
/// - Units: ``unit``; missing values are NaN.
public final class Cube: Sendable {
  public let name: String
  public let longName: String
  /// The unit as the file writes it; empty when it says none.
  public let unitText: String
  /// The unit, or nil when there is none or it cannot be read.
  public let unit: Unit?
  public let grid: Grid
  /// Nil for a map without time.
  public let time: TimeAxis?
  /// A further axis before time, such as ensemble members or plant functional types.
  public let leading: LeadingDimension?
  /// Of the variable, without those that the cube itself tells (unit, packing, fill).
  public let attributes: NetCDFAttributes
  /// What the values are of, when the unit's mass or amount does not say it.
  public let substance: Substance?
  /// Axes that a statistic has reduced to one entry, left out of ``dimensions``: "lat", "lon".
  let collapsed: Set<String>
  /// How many missing values the statistic that made this cube has skipped.
  public let missingCount: Int?
  /// How the file has it, for a cube straight from a file.
  public let origin: Origin?
  /// The files that the values come from, however many operations ago; sorted, each once.
  public let inputs: [String]
  let source: any CubeSource

  /// What a file's own order and type were, before the cube made them uniform.
  public struct Origin: Sendable, Equatable {
    public let paths: [String]
    public let isNorthToSouth: Bool
    /// First and last longitude as stored, after sorting by position.
    public let firstLongitude, lastLongitude: Double
    public let type: NetCDFType
  }

  public struct LeadingDimension: Sendable, Equatable {
    public let name: String
    public let labels: [String]
    public init(name: String, labels: [String]) {
      self.name = name
      self.labels = labels
    }
  }

  init(
    name: String, longName: String? = nil, unitText: String, grid: Grid, time: TimeAxis?, leading: LeadingDimension? = nil,
    attributes: NetCDFAttributes = [:], substance: Substance? = nil, collapsed: Set<String> = [], missingCount: Int? = nil,
    origin: Origin? = nil, inputs: [String] = [], source: any CubeSource
  ) {
    self.name = name
    self.longName = longName ?? Quantity.named(name)?.longName ?? name
    self.unitText = unitText
    unit = unitText.isEmpty ? nil : try? Unit(unitText)
    (self.grid, self.time, self.leading) = (grid, time, leading)
    self.attributes = attributes
    self.substance = substance ?? Substance.of(unit: unit, standardName: attributes.text("standard_name"))
    self.collapsed = collapsed
    self.missingCount = missingCount
    self.origin = origin
    self.inputs = inputs
    self.source = source
  }

  /// A cube of values in memory.
  ///
  /// - Parameter values: `[leading, time, lat, lon]`, the first two where given; NaN where missing.
  /// - Throws: ``FluxError`` when the number of values does not fit the axes.
  public convenience init(
    name: String, values: [Float], grid: Grid, time: TimeAxis? = nil, unit: String = "", longName: String? = nil,
    leading: LeadingDimension? = nil, attributes: NetCDFAttributes = [:]
  ) throws {
    let shape = [leading?.labels.count ?? 1, time?.count ?? 1, grid.rows, grid.columns]
    guard values.count == shape.reduce(1, *) else {
      throw FluxError("\(values.count) values", at: "cube.new", expected: "\(shape.reduce(1, *)) for the axes \(shape)")
    }
    self.init(
      name: name, longName: longName, unitText: unit, grid: grid, time: time, leading: leading, attributes: attributes,
      source: MemorySource(values: values, timeCount: shape[1], rows: shape[2], columns: shape[3]))
  }

  /// A cube whose values are computed whenever they are asked for.
  ///
  /// - Parameters:
  ///   - timeChunk: how many times are cheapest to compute together.
  ///   - compute: fills `[time, row, column]` of a block; may be called from any thread.
  public convenience init(
    name: String, grid: Grid, time: TimeAxis?, unit: String, longName: String? = nil, leading: LeadingDimension? = nil,
    attributes: NetCDFAttributes = [:], timeChunk: Int = 1,
    compute: @escaping @Sendable (CubeBlock, UnsafeMutableBufferPointer<Float>) throws -> Void
  ) {
    self.init(
      name: name, longName: longName, unitText: unit, grid: grid, time: time, leading: leading, attributes: attributes,
      source: ComputedSource(timeChunk: timeChunk, compute: compute))
  }

  public var leadingCount: Int { leading?.labels.count ?? 1 }
  public var timeCount: Int { time?.count ?? 1 }
  /// The names of the axes, slowest first.
  public var dimensions: [String] {
    ([leading?.name, time == nil ? nil : "time"].compactMap { $0 }) + ["lat", "lon"].filter { !collapsed.contains($0) }
  }
  /// The length of each axis.
  public var shape: [Int] {
    dimensions.map { name in
      switch name {
      case "time": timeCount
      case "lat": grid.rows
      case "lon": grid.columns
      default: leadingCount
      }
    }
  }

  /// The values of a range of times on the whole grid.
  ///
  /// - Returns: `[time, lat, lon]`, NaN where missing.
  public func read(time: Range<Int>, leading: Int = 0) throws -> [Float] {
    try read(CubeBlock(leading: leading, time: time, rows: 0..<grid.rows, columns: 0..<grid.columns))
  }

  /// All values, `[leading, time, lat, lon]`.
  ///
  /// - Throws: ``FluxError`` when they do not fit in memory.
  public func values() throws -> [Float] {
    guard let count = AvailableMemory.product([leadingCount, timeCount, grid.cellCount]) else {
      throw FluxError("the absurd shape \(shape)", at: name)
    }
    try AvailableMemory.require(count, ofSize: 4, for: "reading '\(name)' \(shape)", at: name)
    return try [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      try readAll(into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      filled = count
    }
  }

  /// All values, `[leading, time, lat, lon]`, into memory that the caller has.
  public func readAll(into values: UnsafeMutableBufferPointer<Float>) throws {
    guard values.count == AvailableMemory.product([leadingCount, timeCount, grid.cellCount]) else {
      throw FluxError("a buffer of \(values.count) values", at: name, expected: "one for each of \(shape)")
    }
    // Parts of some 64 MB, so that an interrupt is heard.
    let cells = grid.cellCount, step = blockLength * 4
    for leading in 0..<leadingCount {
      for start in stride(from: 0, to: timeCount, by: step) {
        let times = start..<min(start + step, timeCount)
        let block = CubeBlock(leading: leading, time: times, rows: 0..<grid.rows, columns: 0..<grid.columns)
        try check(block)
        let offset = (leading * timeCount + start) * cells
        try source.read(block, into: UnsafeMutableBufferPointer(rebasing: values[offset..<offset + block.size]))
      }
    }
  }

  /// The values of a block, `[time, row, column]`.
  public func read(_ block: CubeBlock) throws -> [Float] {
    try check(block)
    return try source.read(block)
  }

  /// As ``read(_:)-(CubeBlock)``, into memory that the caller has.
  public func read(_ block: CubeBlock, into values: UnsafeMutableBufferPointer<Float>) throws {
    try check(block)
    guard values.count == block.size else {
      throw FluxError("a buffer of \(values.count) values", at: name, expected: "\(block.size)")
    }
    try source.read(block, into: values)
  }

  private func check(_ block: CubeBlock) throws {
    func holds(_ outer: Int, _ inner: Range<Int>) -> Bool { inner.lowerBound >= 0 && inner.upperBound <= outer }
    guard (0..<leadingCount).contains(block.leading), holds(timeCount, block.time), holds(grid.rows, block.rows),
      holds(grid.columns, block.columns)
    else { throw FluxError("no part \(block)", at: name, expected: "a part of \(dimensions) \(shape)") }
    try AvailableMemory.require(block.size, ofSize: 4, for: "reading \(block.time.count) times of '\(name)'", at: name)
    try Interrupt.check()
  }

  /// Calls `body` with every value once, in blocks of whole maps that stay in about 16 MB, in order of the
  /// leading dimension and of time.
  public func forEachBlock(_ body: (CubeBlock, UnsafeBufferPointer<Float>) throws -> Void) throws {
    let step = blockLength
    let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: min(step, max(1, timeCount)) * grid.cellCount)
    defer { buffer.deallocate() }
    for leading in 0..<leadingCount {
      for start in stride(from: 0, to: timeCount, by: step) {
        let block = CubeBlock(
          leading: leading, time: start..<min(start + step, timeCount), rows: 0..<grid.rows, columns: 0..<grid.columns)
        try check(block)
        let part = UnsafeMutableBufferPointer(rebasing: buffer[..<block.size])
        try source.read(block, into: part)
        try body(block, UnsafeBufferPointer(part))
      }
    }
  }

  /// How many times fit in about 16 MB: whole chunks of the file when a chunk fits in 512 MB.
  var blockLength: Int {
    let cells = max(1, grid.cellCount)
    let plain = max(1, (4 << 20) / cells), chunk = max(1, source.timeChunk)
    return chunk <= plain ? plain / chunk * chunk : chunk * cells <= 128 << 20 ? chunk : plain
  }

  /// A cube like this one with some things replaced.
  func with(
    name: String? = nil, longName: String? = nil, unitText: String? = nil, grid: Grid? = nil, time: TimeAxis?? = .none,
    leading: LeadingDimension?? = .none, attributes: NetCDFAttributes? = nil, substance: Substance?? = .none,
    collapsed: Set<String>? = nil, missingCount: Int? = nil, inputs: [String]? = nil, source: any CubeSource
  ) -> Cube {
    Cube(
      name: name ?? self.name, longName: longName ?? self.longName, unitText: unitText ?? self.unitText, grid: grid ?? self.grid,
      time: time ?? self.time, leading: leading ?? self.leading, attributes: attributes ?? self.attributes,
      substance: substance ?? self.substance, collapsed: collapsed ?? self.collapsed, missingCount: missingCount,
      inputs: inputs ?? self.inputs, source: source)
  }

  /// The same cube under another name, with the long name, unit check and sign of the quantity if it is one.
  public func named(_ name: String, longName: String? = nil) -> Cube {
    with(name: name, longName: longName ?? Quantity.named(name)?.longName ?? self.longName, source: source)
  }
}
