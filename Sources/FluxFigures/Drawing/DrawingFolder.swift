import FluxCore
import Glibc

/// A folder of one drawing, with its data files and what GMT writes; gone when the drawing is done.
final class DrawingFolder {
  let path: String
  private var count = 0
  private let place: String

  init(at place: String) throws {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/fluxbridge-figure-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw FluxError("no folder can be made in '\(parent)': \(String(cString: strerror(errno)))", at: place, remedy: "Point TMPDIR to a folder that can be written.")
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    self.place = place
  }

  deinit {
    guard let folder = opendir(path) else { return }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
      if name != ".", name != ".." { unlink("\(path)/\(name)") }
    }
    closedir(folder)
    rmdir(path)
  }

  /// A path in the folder that nothing has yet.
  func newPath(_ kind: String) -> String {
    count += 1
    return "\(path)/\(count).\(kind)"
  }

  func write(_ bytes: some Collection<UInt8>, _ kind: String) throws -> String {
    let path = newPath(kind)
    try BinaryFile.write(Array(bytes), to: path)
    return path
  }

  func write(_ text: String, _ kind: String = "txt") throws -> String { try write(text.utf8, kind) }

  /// A grid in GMT's own binary format, cell centres on regular steps.
  ///
  /// - Parameter values: `[row, column]`, the lowest row first; NaN where missing.
  func writeGrid(_ values: [Float], rows: Int, columns: Int, x: ClosedRange<Double>, y: ClosedRange<Double>) throws -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(892 + 4 * values.count)
    func append<T>(_ value: T) { withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) } }
    for n in [columns, rows, 1] { append(Int32(n)) }
    var low = Float.infinity, high = -Float.infinity
    for v in values where v.isFinite { (low, high) = (min(low, v), max(high, v)) }
    for d in [x.lowerBound, x.upperBound, y.lowerBound, y.upperBound, Double(low <= high ? low : 0), Double(low <= high ? high : 0),
      (x.upperBound - x.lowerBound) / Double(columns), (y.upperBound - y.lowerBound) / Double(rows), 1, 0] { append(d) }
    bytes.append(contentsOf: [UInt8](repeating: 0, count: 80 * 4 + 320 + 160))
    for row in (0..<rows).reversed() {
      values[row * columns..<(row + 1) * columns].withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
    return try write(bytes, "bf") + "=bf"
  }
}
