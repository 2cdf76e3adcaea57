internal import CNetCDF
import FluxCore
import Glibc
import Synchronization

/// One netCDF file (classic, 64-bit, CDF-5, netCDF-4 or NCZarr), open for reading.
///
/// Opening reads the names, shapes and attributes; values are read when asked,
/// any part at a time. Safe to use from several threads: calls take turns. Deflated
/// tiles are inflated by all threads (``ChunkInflation``).
///
/// ```swift
/// let file = try NetCDFReader(path: "tair.nc")
/// let january = try file.floats("tair", start: [0, 0, 0], count: [31, 360, 720])   // missing = NaN
/// ```
public final class NetCDFReader: Sendable {
  public let path: String
  public let dimensions: [NetCDFDimension]
  /// Groups included, as `group/name`.
  public let variables: [NetCDFVariable]
  /// The file's own attributes.
  public let attributes: NetCDFAttributes
  private let handle: NetCDFHandle
  private let positions: [String: Int]
  /// How each variable is tiled, found when it is first read; nil where netCDF-C must read it.
  private let tiled = Mutex<[String: ChunkedVariable?]>([:])
  /// Whether the path is that of a file which HDF5 can open beside netCDF.
  private let isFile: Bool

  /// Opens a file, or the folder of an NCZarr store.
  ///
  /// - Throws: ``FluxError`` for a missing file (with the nearest name of its folder), one that is no netCDF,
  ///   a truncated one.
  public convenience init(path: String) throws {
    let address = try NetCDFLocation.address(of: path)
    var id: Int32 = 0
    let status = NetCDFLibrary.locked { nc_open(address, NC_NOWRITE, &id) }
    try NetCDFLibrary.check(status, "opening it", at: path)
    try self.init(handle: NetCDFHandle(id: id, path: path), path: path, isFile: address == path)
    SessionInputs.note(path, title: attributes.text("title"))
  }

  /// Opens a file that lies in memory, such as an embedded mask. The memory must outlive the reader.
  public convenience init(memory: UnsafeRawBufferPointer, name: String) throws {
    var id: Int32 = 0
    // The library reads only: NC_NOWRITE keeps it from touching or freeing the block.
    let status = NetCDFLibrary.locked {
      nc_open_mem(name, NC_NOWRITE, memory.count, UnsafeMutableRawPointer(mutating: memory.baseAddress), &id)
    }
    try NetCDFLibrary.check(status, "opening it", at: name)
    try self.init(handle: NetCDFHandle(id: id, path: name), path: name, isFile: false)
  }

  private init(handle: NetCDFHandle, path: String, isFile: Bool) throws {
    self.path = path
    self.isFile = isFile
    self.handle = handle
    let contents = try NetCDFLibrary.locked { try NetCDFContents(file: handle.id, path: path) }
    (dimensions, variables, attributes) = (contents.dimensions, contents.variables, contents.attributes)
    positions = Dictionary(contents.variables.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  // HDF5's second view of the file goes before netCDF's, which cannot close while it is open.
  deinit { tiled.withLock { $0 = [:] } }

  /// A variable by name.
  ///
  /// - Throws: ``FluxError`` with the nearest name, and the names that there are.
  public func variable(_ name: String) throws -> NetCDFVariable {
    if let position = positions[name] { return variables[position] }
    let names = variables.map(\.name)
    let listed = names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", … (\(names.count) in all)" : "")
    throw FluxError(
      "no variable '\(name)'" + NearestName.hint(name, among: names), at: path,
      expected: names.isEmpty ? "a file with variables" : "one of \(listed)")
  }

  /// The tiles in which a variable is stored, one length a dimension; nil when it is stored in one piece.
  public func chunks(of variable: NetCDFVariable) -> [Int]? {
    var storage: Int32 = 0
    var lengths = [Int](repeating: 1, count: variable.dimensions.count + 1)
    let status = NetCDFLibrary.locked { nc_inq_var_chunking(variable.group, variable.id, &storage, &lengths) }
    return status == NC_NOERR && storage == NC_CHUNKED ? Array(lengths.dropLast()) : nil
  }

  public func contains(_ name: String) -> Bool { positions[name] != nil }

  /// Values as physical numbers: unpacked by `scale_factor` and `add_offset`, missing ones NaN.
  ///
  /// - Parameters:
  ///   - start: first index of each dimension; all zero when nil.
  ///   - count: how many of each; the rest of the variable when nil.
  public func floats(_ name: String, start: [Int]? = nil, count: [Int]? = nil) throws -> [Float] {
    let slab = try NetCDFSlab(variable(name), start: start, count: count, at: path)
    return try Array(unsafeUninitializedCapacity: slab.size) { buffer, filled in
      try read(slab, into: buffer)
      filled = slab.size
    }
  }

  /// As ``floats(_:start:count:)`` in double precision.
  public func doubles(_ name: String, start: [Int]? = nil, count: [Int]? = nil) throws -> [Double] {
    let slab = try NetCDFSlab(variable(name), start: start, count: count, at: path)
    let decoding = NetCDFDecoding(slab.variable)
    var values = try rawDoubles(slab)
    values.withUnsafeMutableBufferPointer { decoding.apply(to: $0) }
    return values
  }

  /// Values as they are stored, neither unpacked nor checked for missing ones.
  public func rawDoubles(_ name: String, start: [Int]? = nil, count: [Int]? = nil) throws -> [Double] {
    try rawDoubles(NetCDFSlab(variable(name), start: start, count: count, at: path))
  }

  /// Whole numbers as they are stored.
  ///
  /// - Throws: ``FluxError`` when the variable holds fractions.
  public func integers(_ name: String, start: [Int]? = nil, count: [Int]? = nil) throws -> [Int] {
    try rawDoubles(name, start: start, count: count).map { value in
      guard let integer = Int(exactly: value) else {
        throw FluxError("variable '\(name)' holds \(value)", at: path, expected: "whole numbers")
      }
      return integer
    }
  }

  /// Reads a part as physical numbers into memory that the caller has, of exactly the part's size.
  public func read(_ name: String, start: [Int], count: [Int], into buffer: UnsafeMutableBufferPointer<Float>) throws {
    try read(NetCDFSlab(variable(name), start: start, count: count, at: path), into: buffer)
  }

  /// Text, of type `string` or `char`; the last dimension of a `char` variable runs along the text.
  public func strings(_ name: String) throws -> [String] {
    let slab = try NetCDFSlab(variable(name), start: nil, count: nil, at: path)
    switch slab.variable.type {
    case .string: return try stringValues(slab)
    case .char: return try charValues(slab)
    default: throw FluxError("variable '\(name)' is of type \(slab.variable.type)", at: path, expected: "text")
    }
  }

  private func read(_ slab: NetCDFSlab, into buffer: UnsafeMutableBufferPointer<Float>) throws {
    guard buffer.count >= slab.size else {
      throw FluxError(
        "a buffer of \(buffer.count) values", at: path, expected: "\(slab.size) for \(slab.description)")
    }
    let decoding = NetCDFDecoding(slab.variable)
    let part = UnsafeMutableBufferPointer(rebasing: buffer[..<slab.size])
    if let tiles = tiles(for: slab), ChunkInflation(variable: tiles, decoding: decoding, start: slab.start, count: slab.count).read(into: part) {
      return
    }
    try Interrupt.check()
    switch slab.variable.type {
    case .float, .byte, .ubyte, .short, .ushort:  // a float32 holds all of these exactly
      try get(slab) { nc_get_vara_float($0, $1, $2, $3, buffer.baseAddress) }
      decoding.apply(to: part)
    default:
      var values = try rawDoubles(slab)
      values.withUnsafeMutableBufferPointer { values in
        decoding.apply(to: values)
        for i in 0..<values.count { buffer[i] = Float(values[i]) }
      }
    }
  }

  /// The tiles of the slab's variable, where inflating them side by side is worth it: several, or one of which much is wanted.
  /// A small part of one tile is left to netCDF-C, which keeps the tile for the next part.
  private func tiles(for slab: NetCDFSlab) -> ChunkedVariable? {
    guard isFile, slab.size > 0, let chunk = chunks(of: slab.variable) else { return nil }
    let tiles = zip(zip(slab.start, slab.count), chunk).map { part, length in (part.0 + part.1 - 1) / length - part.0 / length + 1 }
    let count = tiles.reduce(1.0) { $0 * Double($1) }
    guard count >= 16 || slab.size >= 4096 else { return nil }
    guard count >= 4 || Double(slab.size) * 2 >= count * chunk.reduce(1.0, { $0 * Double($1) }) else { return nil }
    return tiled.withLock { known in
      if let found = known[slab.variable.name] { return found }
      let found = ChunkedVariable(slab.variable, chunk: chunk, path: path)
      known[slab.variable.name] = .some(found)
      return found
    }
  }

  private func rawDoubles(_ slab: NetCDFSlab) throws -> [Double] {
    try AvailableMemory.require(slab.size, ofSize: 8, for: "reading \(slab.description)", at: path)
    return try Array(unsafeUninitializedCapacity: slab.size) { buffer, filled in
      try get(slab) { nc_get_vara_double($0, $1, $2, $3, buffer.baseAddress) }
      filled = slab.size
    }
  }

  private func stringValues(_ slab: NetCDFSlab) throws -> [String] {
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: slab.size)
    try get(slab, allowing: .string) { nc_get_vara_string($0, $1, $2, $3, &pointers) }
    defer { _ = NetCDFLibrary.locked { nc_free_string(slab.size, &pointers) } }
    return pointers.map { $0.map { String(cString: $0) } ?? "" }
  }

  private func charValues(_ slab: NetCDFSlab) throws -> [String] {
    var bytes = [CChar](repeating: 0, count: max(1, slab.size))
    try get(slab, allowing: .char) { nc_get_vara_text($0, $1, $2, $3, &bytes) }
    let width = slab.count.last ?? 1
    guard width > 0 else { return [] }
    return stride(from: 0, to: slab.size, by: width).map { start in
      NetCDFContents.text(bytes[start..<start + width])
    }
  }

  /// One locked C call for a slab; empty slabs call nothing.
  private func get(
    _ slab: NetCDFSlab, allowing text: NetCDFType? = nil,
    _ call: (Int32, Int32, UnsafePointer<Int>, UnsafePointer<Int>) -> Int32
  ) throws {
    let variable = slab.variable
    guard variable.type.isNumeric || variable.type == text else {
      throw FluxError(
        "variable '\(variable.name)' is of \(variable.type)", at: path,
        expected: "numbers", remedy: "Read another variable; text is read by `strings`, types that a file defines itself by no part of this program.")
    }
    try Interrupt.check()
    guard slab.size > 0 else { return }
    // A scalar has no dimensions; the library still wants valid pointers.
    let start = slab.start + [0], count = slab.count + [1]
    let status = NetCDFLibrary.locked { call(variable.group, variable.id, start, count) }
    try NetCDFLibrary.check(status, "reading \(slab.description)", at: path)
  }
}
