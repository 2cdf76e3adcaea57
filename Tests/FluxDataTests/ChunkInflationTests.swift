import FluxCore
import Foundation
import TestSupport
import Testing

@testable import FluxData

@Suite("Tiles of netCDF-4 files, read and inflated by all threads")
struct ChunkInflationTests {
  let folder = TestFolder()
  /// Lengths that the tiles divide badly.
  static let shape = [7, 11, 13], chunk = [2, 4, 5]

  /// `v[7, 11, 13]`, with every seventh value missing; and the values that must be read.
  func write(_ name: String, type: NetCDFType, packing: Packing? = nil, deflate: Int? = 1, chunk: [Int] = chunk) throws -> (path: String, values: [Float]) {
    let path = folder.file(name)
    let count = Self.shape.reduce(1, *)
    let values = (0..<count).map { (i: Int) -> Double in i % 7 == 3 ? .nan : Double(i % 211) * 0.5 - 20 }
    let writer = try NetCDFWriter(path: path)
    for (axis, length) in zip(["x", "y", "z"], Self.shape) { try writer.define(dimension: axis, length: length) }
    try writer.define(
      variable: "v", type: type, dimensions: ["x", "y", "z"], attributes: packing == nil ? ["missing_value": -9999.0] : [:],
      fill: packing == nil ? -1e30 : nil, deflate: deflate, chunks: chunk, packing: packing)
    try writer.write(values, to: "v")
    try writer.commit()
    return (path, values.map(Float.init))
  }

  /// Whether a part is that of the values, NaN at the same places.
  func check(_ file: NetCDFReader, _ values: [Float], _ start: [Int], _ count: [Int]) throws -> Bool {
    let read = try file.floats("v", start: start, count: count)
    var next = 0
    for x in start[0]..<start[0] + count[0] {
      for y in start[1]..<start[1] + count[1] {
        for z in start[2]..<start[2] + count[2] {
          let wanted = values[(x * Self.shape[1] + y) * Self.shape[2] + z]
          let found = read[next]
          if found != wanted, !(found.isNaN && wanted.isNaN) { return false }
          next += 1
        }
      }
    }
    return next == read.count
  }

  @Test("any part of any type is what was written, however it is tiled, deflated or packed", arguments: [
    (NetCDFType.float, nil, 1, [2, 4, 5]), (.float, nil, 9, [1, 11, 13]), (.float, nil, nil, [3, 3, 3]), (.double, nil, 1, [2, 4, 5]),
    (.double, nil, nil, [7, 11, 13]), (.short, Packing(scale: 0.5, offset: 10), 1, [2, 4, 5]), (.short, Packing(scale: 0.5), nil, [1, 1, 13]),
  ] as [(NetCDFType, Packing?, Int?, [Int])])
  func parts(type: NetCDFType, packing: Packing?, deflate: Int?, chunk: [Int]) throws {
    let (path, values) = try write("a.nc", type: type, packing: packing, deflate: deflate, chunk: chunk)
    let file = try NetCDFReader(path: path)
    #expect(ChunkedVariable(try file.variable("v"), chunk: chunk, path: path) != nil)
    #expect(try check(file, values, [0, 0, 0], Self.shape))
    var stream = RandomStream(seed: 9)
    for _ in 0..<60 {
      let start = Self.shape.map { Int(stream.next() % UInt64($0)) }
      let count = zip(Self.shape, start).map { 1 + Int(stream.next() % UInt64($0 - $1)) }
      #expect(try check(file, values, start, count), "\(start) \(count)")
    }
  }

  @Test("a tile that nobody wrote is missing, not refused")
  func unwritten() throws {
    let path = folder.file("b.nc")
    let writer = try NetCDFWriter(path: path)
    try writer.define(dimension: "x", length: 100)
    try writer.define(variable: "v", type: .float, dimensions: ["x"], fill: -1e30, deflate: 1, chunks: [10])
    try writer.write([Float](repeating: 1, count: 10), to: "v", start: [20], count: [10])
    try writer.commit()
    let values = try NetCDFReader(path: path).floats("v")
    #expect(values.indices.allSatisfy { (20..<30).contains($0) ? values[$0] == 1 : values[$0].isNaN })
  }

  @Test("a damaged tile is an error that names the file and the variable")
  func damaged() throws {
    let (path, _) = try write("c.nc", type: .float)
    let file = try NetCDFReader(path: path)
    let tile = try #require(ChunkedVariable(file.variable("v"), chunk: Self.chunk, path: path)?.tiles(start: [0, 0, 0], count: Self.shape)?[5])
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    try handle.seek(toOffset: UInt64(tile.address))
    handle.write(Data(repeating: 0xFF, count: tile.size))
    try handle.close()
    expectRefusal("c.nc", "'v'") { try NetCDFReader(path: path).floats("v") }
  }
}
