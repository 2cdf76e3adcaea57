import FluxCore
import FluxData
import Foundation
import TestSupport
import Testing

@Suite("Reading and writing netCDF files")
struct NetCDFTests {
  let folder = TestFolder()

  @Test("what is written comes back: numbers, slabs, text, attributes of every kind")
  func roundTrip() throws {
    let path = folder.file("a.nc")
    let writer = try NetCDFWriter(path: path, attributes: ["title": "A test", "version": .numbers([3], .int)])
    try writer.define(dimension: "time", length: nil)
    try writer.define(dimension: "x", length: 3)
    try writer.define(dimension: "letters", length: 4)
    try writer.define(variable: "v", type: .float, dimensions: ["time", "x"], attributes: ["units": "K"], fill: .nan, deflate: 1, chunks: [1, 3])
    try writer.define(variable: "d", type: .double, dimensions: ["x"], fill: -999)
    try writer.define(variable: "names", type: .string, dimensions: ["x"])
    try writer.define(variable: "codes", type: .char, dimensions: ["x", "letters"])
    try writer.define(variable: "count", type: .int, dimensions: [])
    for step in 0..<2 {
      try writer.write([Float(step), .nan, 2], to: "v", start: [step, 0], count: [1, 3])
    }
    try writer.write([1, Double.nan, 3], to: "d")
    try writer.write(["Größe", "", "b"], to: "names")
    try writer.write(["USA", "EU", "NSAX"], to: "codes")
    try writer.write([7.0], to: "count")
    #expect(!FileManager.default.fileExists(atPath: path))
    try writer.commit()

    let file = try NetCDFReader(path: path)
    #expect(file.attributes.text("Conventions") == "CF-1.8")
    #expect(file.attributes["version"] == .numbers([3], .int))
    #expect(file.variables.map(\.name) == ["v", "d", "names", "codes", "count"])
    #expect(try file.variable("v").summary == "v(time 2, x 3) float, K")
    let values = try file.floats("v")
    #expect(values[0] == 0 && values[1].isNaN && values[3] == 1 && values[5] == 2)
    #expect(try file.floats("v", start: [1, 2], count: [1, 1]) == [2])
    #expect(try file.rawDoubles("d") == [1, -999, 3])
    #expect(try file.doubles("d")[1].isNaN)
    #expect(try file.strings("names") == ["Größe", "", "b"])
    #expect(try file.strings("codes") == ["USA", "EU", "NSAX"])
    #expect(try file.integers("count") == [7])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.nc"])
  }

  @Test("packed int16 comes back within half a step, missing values as NaN, values beyond the range cut")
  func packing() throws {
    let path = folder.file("p.nc")
    let packing = Packing(covering: 200...350)
    let writer = try NetCDFWriter(path: path)
    try writer.define(dimension: "x", length: 5)
    try writer.define(variable: "lst", type: .float, dimensions: ["x"], packing: packing)
    try writer.write([200, 273.15, Float.nan, 350, 400], to: "lst")
    try writer.commit()
    let file = try NetCDFReader(path: path)
    #expect(try file.variable("lst").type == .short)
    let values = try file.floats("lst")
    for (value, expected) in zip(values, [200, 273.15, .nan, 350, 350] as [Float]) {
      #expect(expected.isNaN ? value.isNaN : (value - expected).magnitude <= Float(packing.scale) / 2 + 1e-4)
    }
  }

  @Test("equal calls give equal bytes")
  func deterministic() throws {
    func write(_ name: String) throws -> Data {
      let writer = try NetCDFWriter(path: folder.file(name))
      try writer.defineTime(.monthly(years: 2001...2002))
      try writer.defineGrid(.regular(step: 30))
      try writer.define(variable: "v", type: .float, dimensions: ["time", "lat", "lon"], fill: .nan, deflate: 1)
      try writer.write([Float](repeating: 1.5, count: 24 * 6 * 12), to: "v")
      try writer.commit()
      return try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
    }
    #expect(try write("one.nc") == write("two.nc"))
  }

  @Test("a writer that is dropped leaves no file, and keeps the older one")
  func dropped() throws {
    let path = folder.file("old.nc")
    try Data("old".utf8).write(to: URL(fileURLWithPath: path))
    do {
      let writer = try NetCDFWriter(path: path)
      try writer.define(dimension: "x", length: 3)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["old.nc"])
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
  }

  @Test("a wrong variable name gets the nearest one and the list")
  func wrongName() throws {
    let path = folder.file("n.nc")
    let writer = try NetCDFWriter(path: path)
    try writer.define(dimension: "x", length: 1)
    try writer.define(variable: "nee", type: .float, dimensions: ["x"])
    try writer.commit()
    let file = try NetCDFReader(path: path)
    expectRefusal("no variable 'ne'; did you mean 'nee'?") { try file.floats("ne") }
    expectRefusal("no part with start [0] and count [2]") { try file.floats("nee", start: [0], count: [2]) }
    expectRefusal("no such file; did you mean 'n.nc'?") { try NetCDFReader(path: folder.file("nn.nc")) }
  }

  @Test("a file cut anywhere, an empty one, a text and a folder are refused or read, never trapped on")
  func truncated() throws {
    let path = folder.file("whole.nc")
    let writer = try NetCDFWriter(path: path)
    try writer.define(dimension: "x", length: 5000)
    try writer.define(variable: "v", type: .float, dimensions: ["x"], fill: .nan, deflate: 1)
    try writer.write((0..<5000).map { Float($0 * 7919 % 1009) }, to: "v")
    try writer.commit()
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    let cut = folder.file("cut.nc")
    for part in 0..<20 {
      try whole.prefix(whole.count * part / 20).write(to: URL(fileURLWithPath: cut))
      expectRefusal("\(cut): ", part == 0 ? "the file is empty" : "probably truncated or damaged") {
        try NetCDFReader(path: cut).floats("v")
      }
    }
    try Data("site,lat,lon\n".utf8).write(to: URL(fileURLWithPath: cut))
    expectRefusal("Unknown file format") { try NetCDFReader(path: cut) }
    expectRefusal("\(folder.path): a folder, and no NCZarr store") { try NetCDFReader(path: folder.path) }
  }

  @Test("dimensions beyond memory are refused with both numbers")
  func absurdSizes() throws {
    let path = folder.file("big.nc")
    let writer = try NetCDFWriter(path: path)
    try writer.define(dimension: "a", length: 3_000_000_000)
    try writer.define(dimension: "b", length: 3_000_000_000)
    try writer.define(variable: "v", type: .float, dimensions: ["a", "b"], chunks: [1, 1000])
    try writer.define(variable: "w", type: .float, dimensions: ["a"], chunks: [1000])
    try writer.define(variable: "u", type: .float, dimensions: ["a", "b", "a"], chunks: [1, 1, 1000])
    try writer.commit()
    let file = try NetCDFReader(path: path)
    expectRefusal("GiB of memory; ", " GiB are free") { try file.floats("v") }
    expectRefusal("variable 'u' has the absurd shape [3000000000, 3000000000, 3000000000]") { try file.floats("u") }
    #expect(try file.floats("v", start: [2_999_999_999, 2_999_999_990], count: [1, 10]).allSatisfy(\.isNaN))
  }

  @Test("values beyond a valid range, in stored or physical units, are missing")
  func validRange() throws {
    let path = folder.file("r.nc")
    let writer = try NetCDFWriter(path: path)
    try writer.define(dimension: "x", length: 4)
    let range = NetCDFValue.numbers([0, 100], .short)
    try writer.define(variable: "stored", type: .short, dimensions: ["x"], attributes: ["valid_range": range, "scale_factor": 0.01])
    try writer.define(variable: "physical", type: .short, dimensions: ["x"], attributes: [
      "valid_range": .numbers([0, 0.5], .float), "scale_factor": 0.01])
    try writer.define(variable: "unsigned", type: .byte, dimensions: ["x"], attributes: ["_Unsigned": "true", "_FillValue": .numbers([-1], .byte)])
    try writer.write([-1, 0, 100, 101] as [Double], to: "stored")
    try writer.write([-1, 0, 50, 101] as [Double], to: "physical")
    try writer.write([-1, -2, 0, 127] as [Double], to: "unsigned")
    try writer.commit()
    let file = try NetCDFReader(path: path)
    #expect(try file.floats("stored").map { $0.isNaN ? -9 : $0 } == [-9, 0, 1, -9])
    #expect(try file.floats("physical").map { $0.isNaN ? -9 : $0 } == [-9, 0, 0.5, -9])
    #expect(try file.doubles("unsigned").map { $0.isNaN ? -9 : $0 } == [-9, 254, 0, 127])
  }

  /// A classic file by hand: one dimension x of `length`, one float variable v, optionally along records.
  private func classic(version: UInt8, length: Int, records: Int?) -> Data {
    var bytes: [UInt8] = Array("CDF".utf8) + [version]
    func number(_ n: Int) {
      let width = version == 5 ? 8 : 4
      for i in (0..<width).reversed() { bytes.append(UInt8(truncatingIfNeeded: n >> (8 * i))) }
    }
    func tag(_ n: UInt8) { bytes += [0, 0, 0, n] }
    func name(_ letter: UInt8) { number(1); bytes += [letter, 0, 0, 0] }
    number(records ?? 0)
    tag(10); number(1); name(120); number(records == nil ? length : 0)
    tag(0); number(0)
    tag(11); number(1); name(118); number(1); number(0)
    tag(0); number(0)
    tag(5); number(4 * (records == nil ? length : 1))
    let begin = bytes.count + (version == 1 ? 4 : 8)
    for i in (0..<(version == 1 ? 4 : 8)).reversed() { bytes.append(UInt8(truncatingIfNeeded: begin >> (8 * i))) }
    for i in 0..<length { withUnsafeBytes(of: Float(i + 1).bitPattern.bigEndian) { bytes += $0 } }
    return Data(bytes)
  }

  @Test("a classic file that is cut is refused, where the library would read zeros", arguments: [1, 2, 5] as [UInt8])
  func cutClassic(version: UInt8) throws {
    for records in [nil, 2000] as [Int?] {
      let path = folder.file("classic\(version).nc"), whole = classic(version: version, length: 2000, records: records)
      try whole.write(to: URL(fileURLWithPath: path))
      #expect(try NetCDFReader(path: path).floats("v").last == 2000)
      for length in [whole.count - 4, whole.count / 2, 90, 20, 6] {
        try whole.prefix(length).write(to: URL(fileURLWithPath: path))
        expectRefusal("truncated") { try NetCDFReader(path: path) }
      }
    }
  }

  @Test("a file can be read while a program lives that was started when the file was being written")
  func child() throws {
    let path = folder.file("child.nc"), writer = try NetCDFWriter(path: path)
    let child = try #require(popen("read line", "w"))  // holds what was open, until its input ends
    defer { pclose(child) }
    try writer.define(dimension: "x", length: 1)
    try writer.define(variable: "v", type: .float, dimensions: ["x"])
    try writer.write([1.0], to: "v")
    try writer.commit()
    #expect(try NetCDFReader(path: path).floats("v") == [1])
  }
}
