internal import CNetCDF
import FluxCore
import Glibc

/// Writes one netCDF-4 file following CF-1.8, all or nothing.
///
/// The data go to a temporary file beside the target, which ``commit()`` renames
/// to the target's name. Without a commit nothing is left behind. Equal calls
/// give equal bytes: no time and no host is written. Slabs are written as they
/// come, so a cube of any size needs the memory of one slab.
///
/// ```swift
/// let writer = try NetCDFWriter(path: "tair.nc", attributes: ["title": "Air temperature"])
/// try writer.defineTime(.daily(years: 2001...2008))
/// try writer.defineGrid(.regular(step: 2))
/// try writer.define(
///   variable: "tair", type: .float, dimensions: ["time", "lat", "lon"],
///   attributes: ["long_name": "air temperature", "units": "degC"], fill: .nan, deflate: 1, chunks: [1, 90, 180])
/// for day in 0..<days {                                   // one slab [1, 90, 180] at a time
///   try writer.write(values(day), to: "tair", start: [day, 0, 0], count: [1, 90, 180])
/// }
/// try writer.commit()
/// ```
///
/// Packed: `packing: Packing(covering: 200...350)` stores int16 with NaN as its fill.
/// Text: `type: .string`, or `.char` with a last dimension for the letters, and `write(strings, to:)`.
public final class NetCDFWriter {
  public let path: String
  private let temporary: String
  private var handle: NetCDFHandle?
  private var lengths: [String: (id: Int32, length: Int, isUnlimited: Bool)] = [:]
  private var variables: [String: Definition] = [:]

  private struct Definition {
    let id: Int32
    let type: NetCDFType
    let dimensions: [String]
    let fill: Double?
    let packing: Packing?
  }

  /// Creates the temporary file.
  ///
  /// - Parameters:
  ///   - attributes: of the file; `Conventions` is added.
  ///   - isPageAligned: whether large variables begin at a memory page's beginning, for files that are to be mapped.
  /// - Throws: ``FluxError`` when the folder does not exist or cannot be written.
  public init(path: String, attributes: NetCDFAttributes = [:], isPageAligned: Bool = false) throws {
    self.path = path
    temporary = try TemporaryFile.name(beside: path)
    var id: Int32 = 0
    let status = NetCDFLibrary.locked { [temporary] in
      // A setting of the library for the files that it makes next.
      if isPageAligned { _ = nc_set_alignment(1 << 16, 4096) }
      defer { if isPageAligned { _ = nc_set_alignment(0, 1) } }
      return nc_create(temporary, NC_NETCDF4 | NC_CLOBBER, &id)
    }
    if status != NC_NOERR { unlink(temporary) }
    try check(status, "creating the temporary file \(temporary)")
    handle = NetCDFHandle(id: id, path: temporary)
    try put(["Conventions": "CF-1.8"], on: NC_GLOBAL)
    try put(attributes, on: NC_GLOBAL)
  }

  /// Throws unless a call went well. The library says "permission denied" or "HDF error" of a full disk: what it says is then replaced.
  private func check(_ status: Int32, _ action: @autoclosure () -> String) throws {
    guard status != NC_NOERR else { return }
    if hasNoRoom {
      throw FluxError("there is no room for the file", at: path, expected: "free space on its disk", remedy: "Free some, or name a file on another disk.")
    }
    try NetCDFLibrary.check(status, action(), at: path)
  }

  /// Whether a few thousand bytes do not fit beside the file.
  private var hasNoRoom: Bool {
    let probe = temporary + "~", descriptor = Glibc.open(probe, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { return errno == ENOSPC }
    defer {
      Glibc.close(descriptor)
      unlink(probe)
    }
    let bytes = [UInt8](repeating: 0, count: 65_536)
    let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    return written < bytes.count && (written >= 0 || errno == ENOSPC)
  }

  deinit {
    guard handle != nil else { return }
    handle = nil
    unlink(temporary)
  }

  /// Defines an axis; `length` nil makes it unlimited.
  public func define(dimension name: String, length: Int?) throws {
    if let known = lengths[name] {
      guard known.isUnlimited == (length == nil), length == nil || known.length == length else {
        throw FluxError("dimension '\(name)' is already defined with length \(known.length)", at: path)
      }
      return
    }
    guard length ?? 1 > 0 else { throw FluxError("dimension '\(name)' has length \(length ?? 0)", at: path, expected: "at least 1") }
    var id: Int32 = 0
    let file = try open()
    let status = NetCDFLibrary.locked { nc_def_dim(file, name, length ?? Int(NC_UNLIMITED), &id) }
    try check(status, "defining dimension '\(name)'")
    lengths[name] = (id, length ?? 0, length == nil)
  }

  /// Defines a variable.
  ///
  /// - Parameters:
  ///   - type: of the stored values; `.short` is implied by `packing`.
  ///   - dimensions: names defined before, slowest first.
  ///   - fill: written as `_FillValue`, and in place of NaN. Coordinates have none.
  ///   - deflate: zlib level 1…9 with byte shuffling; nil stores uncompressed.
  ///   - chunks: the tiles in which the values are stored, one length a dimension; the library's choice when nil.
  ///   - packing: stores int16.
  ///   - isPrefilled: whether what is never written reads as missing; without it, large variables are written once, not twice.
  public func define(
    variable name: String, type: NetCDFType, dimensions: [String], attributes: NetCDFAttributes = [:],
    fill: Double? = nil, deflate: Int? = nil, chunks: [Int]? = nil, packing: Packing? = nil, isPrefilled: Bool = true
  ) throws {
    let file = try open()
    let type = packing == nil ? type : .short
    guard variables[name] == nil else { throw FluxError("variable '\(name)' is already defined", at: path) }
    let ids = try dimensions.map { dimension in
      guard let known = lengths[dimension] else {
        throw FluxError(
          "variable '\(name)' has the unknown dimension '\(dimension)'" + NearestName.hint(dimension, among: lengths.keys), at: path,
          expected: "one of \(lengths.keys.sorted().joined(separator: ", "))")
      }
      return known.id
    }
    if let chunks, chunks.count != ids.count || chunks.contains(where: { $0 < 1 }) {
      throw FluxError("variable '\(name)' has chunks \(chunks)", at: path, expected: "a positive length for each of \(dimensions)")
    }
    var id: Int32 = 0
    let status = NetCDFLibrary.locked {
      var status = nc_def_var(file, name, type.code, Int32(ids.count), ids, &id)
      if status == NC_NOERR, let chunks { status = nc_def_var_chunking(file, id, NC_CHUNKED, chunks) }
      if status == NC_NOERR, !isPrefilled { status = nc_def_var_fill(file, id, NC_NOFILL, nil) }
      if status == NC_NOERR, let deflate, !ids.isEmpty { status = nc_def_var_deflate(file, id, 1, 1, Int32(deflate)) }
      return status
    }
    try check(status, "defining variable '\(name)'")
    let fill = packing.map { Double($0.fill) } ?? fill
    variables[name] = Definition(id: id, type: type, dimensions: dimensions, fill: fill, packing: packing)
    var own = NetCDFAttributes()
    if let fill { own["_FillValue"] = .numbers([fill], type) }
    if let packing {
      own["scale_factor"] = .numbers([packing.scale], .double)
      own["add_offset"] = .numbers([packing.offset], .double)
    }
    try put(own.merging(attributes), on: id)
  }

  /// Writes numbers into a part of a variable; into the whole of it when `start` and `count` are nil.
  public func write(_ values: [Float], to name: String, start: [Int]? = nil, count: [Int]? = nil) throws {
    try values.withUnsafeBufferPointer { try write($0, to: name, start: start, count: count) }
  }

  public func write(_ values: [Double], to name: String, start: [Int]? = nil, count: [Int]? = nil) throws {
    let (definition, start, count) = try part(name, values.count, start, count)
    if definition.type.isFloating, definition.fill?.isNaN ?? true {
      return try put(name, values) { nc_put_vara_double($0, definition.id, start, count, $1) }
    }
    try putEncoded(name, definition, values.count, start, count) { values[$0] }
  }

  /// As ``write(_:to:start:count:)``, from memory that is not an array's.
  public func write(_ values: UnsafeBufferPointer<Float>, to name: String, start: [Int]? = nil, count: [Int]? = nil) throws {
    let (definition, start, count) = try part(name, values.count, start, count)
    if definition.type.isFloating, definition.fill?.isNaN ?? true {
      let file = try open()
      let status = NetCDFLibrary.locked { nc_put_vara_float(file, definition.id, start, count, values.baseAddress) }
      return try check(status, "writing '\(name)'")
    }
    try putEncoded(name, definition, values.count, start, count) { Double(values[$0]) }
  }

  /// Writes all texts of a `string` variable, or of a `char` variable whose last dimension runs along the text.
  public func write(_ texts: [String], to name: String) throws {
    let definition = try definition(name)
    let shape = definition.dimensions.map { lengths[$0]?.length ?? 0 }
    let width = definition.type == .char ? shape.last ?? 1 : 1
    let places = definition.type == .char ? shape.dropLast() : shape[...]
    guard places.reduce(1, *) == texts.count else {
      throw FluxError("\(texts.count) texts for variable '\(name)'", at: path, expected: "one for each of \(Array(places))")
    }
    let file = try open()
    let status: Int32
    switch definition.type {
    case .char:
      var bytes: [CChar] = []
      for text in texts {
        let letters = Array(text.utf8)
        guard letters.count <= width else {
          throw FluxError("the text '\(text)' for variable '\(name)'", at: path, expected: "at most \(width) bytes")
        }
        bytes += letters.map { CChar(bitPattern: $0) } + [CChar](repeating: 0, count: width - letters.count)
      }
      status = NetCDFLibrary.locked { nc_put_var_text(file, definition.id, bytes) }
    case .string:
      let copies = texts.map { strdup($0) }
      defer { copies.forEach { free($0) } }
      var pointers = copies.map { UnsafePointer<CChar>($0) }
      status = NetCDFLibrary.locked { nc_put_var_string(file, definition.id, &pointers) }
    default: throw FluxError("texts for variable '\(name)' of type \(definition.type)", at: path, expected: "type char or string")
    }
    try check(status, "writing '\(name)'")
  }

  /// Closes the file and gives it its name, replacing an older one of that name.
  public func commit() throws {
    let file = try open()
    var status = NetCDFLibrary.locked { nc_sync(file) }
    let closed = handle?.close() ?? NC_NOERR
    handle = nil
    if status == NC_NOERR { status = closed }
    do {
      try check(status, "writing")
      try TemporaryFile.publish(temporary, as: path)
    } catch {
      unlink(temporary)
      throw error
    }
  }

  private func open() throws -> Int32 {
    guard let handle else { throw FluxError("the file is already written", at: path) }
    return handle.id
  }

  private func definition(_ name: String) throws -> Definition {
    guard let definition = variables[name] else {
      throw FluxError("variable '\(name)' is not defined" + NearestName.hint(name, among: variables.keys), at: path)
    }
    return definition
  }

  /// The part to write, checked against the variable's shape and the number of values.
  private func part(_ name: String, _ size: Int, _ start: [Int]?, _ count: [Int]?) throws -> (Definition, [Int], [Int]) {
    let definition = try definition(name)
    let axes = definition.dimensions.compactMap { lengths[$0] }
    let start = start ?? axes.map { _ in 0 }
    let known = axes.filter { !$0.isUnlimited }.reduce(1) { $0 * $1.length }
    let count = count ?? axes.map { $0.isUnlimited ? size / max(1, known) : $0.length }
    let fits = start.count == axes.count && count.count == axes.count && AvailableMemory.product(count) == size
      && zip(axes, zip(start, count)).allSatisfy { axis, part in
        part.0 >= 0 && (axis.isUnlimited || part.0 <= axis.length - part.1)
      }
    guard fits else {
      throw FluxError(
        "\(size) values for variable '\(name)' at start \(start), count \(count)", at: path,
        expected: "a part of its shape " + axes.map { $0.isUnlimited ? "unlimited" : "\($0.length)" }.joined(separator: " × "))
    }
    return (definition, start + [0], count + [1])  // the library wants valid pointers for a scalar too
  }

  private func putEncoded(
    _ name: String, _ definition: Definition, _ size: Int, _ start: [Int], _ count: [Int], _ value: (Int) -> Double
  ) throws {
    let file = try open()
    let id = definition.id
    if let packing = definition.packing {
      let stored = (0..<size).map { packing.stored(value($0)) }
      let status = NetCDFLibrary.locked { nc_put_vara_short(file, id, start, count, stored) }
      return try check(status, "writing '\(name)'")
    }
    var values = (0..<size).map(value)
    if let fill = definition.fill {
      for i in 0..<size where values[i].isNaN { values[i] = fill }
    } else if !definition.type.isFloating, values.contains(where: \.isNaN) {
      throw FluxError(
        "missing values for variable '\(name)' of type \(definition.type)", at: path, expected: "a fill value",
        remedy: "Define the variable with `fill:` or as a floating-point type.")
    }
    try put(name, values) { nc_put_vara_double($0, id, start, count, $1) }
  }

  private func put(_ name: String, _ values: [Double], _ call: (Int32, [Double]) -> Int32) throws {
    let file = try open()
    let status = NetCDFLibrary.locked { call(file, values) }
    try check(status, "writing '\(name)'")
  }

  private func put(_ attributes: NetCDFAttributes, on variable: Int32) throws {
    let file = try open()
    for (name, value) in attributes {
      let status: Int32
      switch value {
      case .text(let text):
        let bytes = text.utf8.map { CChar(bitPattern: $0) }
        status = NetCDFLibrary.locked { nc_put_att_text(file, variable, name, bytes.count, bytes) }
      case .strings(let texts):
        let copies = texts.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        var pointers = copies.map { UnsafePointer<CChar>($0) }
        status = NetCDFLibrary.locked { nc_put_att_string(file, variable, name, texts.count, &pointers) }
      case .numbers(let numbers, let type):
        status = NetCDFLibrary.locked { nc_put_att_double(file, variable, name, type.code, numbers.count, numbers) }
      }
      try check(status, "writing attribute '\(name)'")
    }
  }
}
