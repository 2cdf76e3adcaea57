import FluxCore
import FluxTensor
import Foundation
import TestSupport
import Testing

/// Files that NumPy wrote are under ReferenceData (numpy_files.py); hostile ones are made here.
@Suite("NumPy files")
struct NumPyFileTests {
  static let reference = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("ReferenceData/numpy_files")
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("npy-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  private func written(_ header: String, version: [UInt8] = [1, 0], length: Int? = nil, data: Int = 0) throws -> String {
    let text = Array(header.utf8), count = length ?? text.count
    let size: [UInt8] = version[0] == 1 ? [UInt8(count & 255), UInt8(count >> 8 & 255)] : (0..<4).map { UInt8(count >> (8 * $0) & 255) }
    let path = folder.appendingPathComponent("\(UUID().uuidString).npy")
    try Data([0x93] + Array("NUMPY".utf8) + version + size + text + [UInt8](repeating: 0, count: data)).write(to: path)
    return path.path
  }

  private func message(_ path: String) -> String { refusal { try Tensor.load(path) } }

  @Test("what is saved is loaded again: types, shapes, NaN, empty and rank 0, views", arguments: DType.allCases)
  func roundTrip(_ type: DType) throws {
    let path = folder.appendingPathComponent("t.npy").path
    for shape in [[], [0], [3], [2, 3], [2, 0, 3], [1, 2, 1, 2]] as [Shape] {
      let t = try Tensor((0..<shape.count).map { Double($0) - 1 }, shape: shape, dtype: type)
      try t.save(path)
      let back = try Tensor.load(path)
      #expect(back.dtype == type && back.shape == shape && back.doubles() == t.doubles())
    }
    let view = try Tensor((0..<12).map(Double.init), shape: [3, 4], dtype: type).transposed(0, 1).narrowed(0, from: 1, length: 2)
    try view.save(path)
    #expect(try Tensor.load(path).doubles() == [1, 5, 9, 2, 6, 10])
    if type != .int64 {
      try Tensor([.nan, .infinity, -0.0], dtype: type).save(path)
      #expect(try Tensor.load(path).doubles()[0].isNaN)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["t.npy"])
  }

  @Test("every kind of number that NumPy writes is read, in both byte orders and layouts",
    arguments: ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1", "f4_big", "f8_big", "i2_big", "i8_big", "f8_fortran", "f4_version2"])
  func foreign(_ name: String) throws {
    let t = try Tensor.load(Self.reference.appendingPathComponent("\(name).npy").path)
    let expected: [Double] = name == "b1" ? [1, 0, 1, 1, 0, 1] : name.hasPrefix("u") ? [0, 1, 2, 3, 100, 7] : [0, 1, -2, 3, 100, -7]
    #expect(t.shape == [2, 3] && t.doubles() == expected)
    #expect(t.dtype == (name.hasPrefix("f8") ? .float64 : name.hasPrefix("f") || name == "b1" ? .float32 : .int64))
  }

  @Test("NumPy reads back what is saved here, byte for byte as it would write it")
  func bytes() throws {
    let path = folder.appendingPathComponent("t.npy")
    try Tensor([0, 1, -2, 3, 100, -7], shape: [2, 3], dtype: .float64).save(path.path)
    let name = "f8.npy"
    #expect(try Data(contentsOf: path) == Data(contentsOf: Self.reference.appendingPathComponent(name)))
  }

  @Test("hostile and foreign files are refused by what they are, before anything is allocated")
  func hostile() throws {
    #expect(message("/nowhere/x.npy").contains("cannot open /nowhere/x.npy"))
    #expect(message("/dev/zero").contains("not a regular file"))
    #expect(message(folder.path).contains("not a regular file"))
    func header(_ descr: String, _ shape: String, _ order: String = "False") -> String { "{'descr': \(descr), 'fortran_order': \(order), 'shape': \(shape), }\n" }
    #expect(message(try written(header("'<f8'", "(4,)"), data: 31)).contains("31 bytes of numbers; its shape [4] asks for 32"))
    #expect(message(try written(header("'<f8'", "(4,)"), data: 40)).contains("asks for 32"))
    #expect(message(try written(header("'<f8'", "(999999999999,)"), data: 8)).contains("asks for 7999999999992"))
    #expect(message(try written(header("'<f8'", "(999999999999, 999999999999)"))).contains("more elements than memory can address"))
    #expect(message(try written(header("'<f8'", "(-1,)"))).contains("cannot be read"))
    #expect(message(try written(header("'<f8'", "(99999999999999999999,)"))).contains("cannot be read"))
    #expect(message(try written(header("'|O'", "(1,)"), data: 8)).contains("Python objects, which are code"))
    #expect(message(try written(header("'<c16'", "(1,)"), data: 16)).contains("complex numbers"))
    #expect(message(try written(header("[('a', '<f4'), ('b', '<f4')]", "(1,)"), data: 8)).contains("records of several fields"))
    #expect(message(try written(header("'<f8'", "(1,)", "0"), data: 8)).contains("cannot be read"))
    #expect(message(try written("__import__('os')")).contains("cannot be read"))
    #expect(message(try written(header("'<f8'", "()") + header("'<f8'", "()"), data: 8)).contains("cannot be read"))
    #expect(message(try written(header("'<f8'", "(1,)"), length: 60000)).contains("ends within its header"))
    #expect(message(try written(header("'<f8'", "(1,)"), version: [2, 0], length: 1 << 31)).contains("has a header of 2147483648 bytes"))
    #expect(message(try written(header("'<f8'", "(1,)"), version: [9, 0])).contains("format version 9.0"))
    #expect(message(try written(header("'<f8'", "(" + String(repeating: "1, ", count: 65) + ")"), data: 8)).contains("at most 64"))
    let zip = folder.appendingPathComponent("z.npy")
    try Data([0x50, 0x4B, 3, 4]).write(to: zip)
    #expect(message(zip.path).contains("a zip archive, such as .npz"))
    try Data().write(to: zip)
    #expect(message(zip.path).contains("is empty"))
  }

  @Test("cut off or altered anywhere, a file is refused or read, and nothing else happens")
  func altered() throws {
    let good = try Data(contentsOf: Self.reference.appendingPathComponent("f8.npy"))
    let path = folder.appendingPathComponent("a.npy")
    var random = RandomStream(seed: 5)
    for length in stride(from: 0, to: good.count, by: 3) {
      try good.prefix(length).write(to: path)
      let reason = length == 0 ? "is empty" : length < 10 ? "does not begin as a .npy file does"
        : length < good.count - 48 ? "ends within its header"
        : "holds \(length - good.count + 48) bytes of numbers; its shape [2, 3] asks for 48"
      expectRefusal("\(path.path) \(reason)") { try Tensor.load(path.path) }
    }
    for _ in 0..<300 {
      var bytes = good
      for _ in 0...random.integer(below: 3) { bytes[random.integer(below: 128)] = UInt8(random.integer(below: 256)) }
      try bytes.write(to: path)
      _ = try? Tensor.load(path.path)
    }
  }

  @Test("a name that does not end in .npy, or a folder that is not there, is refused")
  func wrongPlace() throws {
    let t = try Tensor([1.0])
    expectRefusal("Write 'x.txt.npy'") { try t.save("x.txt") }
    expectRefusal("'/nowhere' does not exist") { try t.save("/nowhere/x.npy") }
  }
}
