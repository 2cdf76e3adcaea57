import FluxCore
import Glibc

/// How long a classic netCDF file (CDF-1, CDF-2, CDF-5) must be by its own header.
///
/// netCDF-C reads beyond the end of a cut classic file as zeros, without a word; so this program looks itself.
///
/// - Reference: netCDF classic format specification, Unidata.
struct ClassicFileLength {
  private var bytes: [UInt8]
  private var position = 4
  private let isCDF1, isCDF5: Bool

  /// Throws when the file is a classic one and shorter than its header tells.
  static func check(_ path: String, fileSize: Int) throws {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { return }  // the library will say why
    defer { close(file) }
    // Headers are a few kB; a longer one is read again in full.
    for limit in [1 << 16, 1 << 24] {
      let bytes = read(file, min(fileSize, limit))
      guard var header = ClassicFileLength(bytes) else { return }
      if let length = header.length() {
        // The last value may lack its padding.
        guard fileSize < length - 3 else { return }
        throw FluxError(
          "the file is truncated: it has \(fileSize) bytes, its header tells of \(length)", at: path, expected: "a whole file",
          remedy: "Copy or download it again.")
      }
      if fileSize <= limit {
        throw FluxError("the file is truncated within its header (\(fileSize) bytes)", at: path, remedy: "Copy or download it again.")
      }
    }
  }

  private static func read(_ file: Int32, _ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(file, buffer.baseAddress! + filled, count - filled, filled)
        if got <= 0 { break }
        filled += got
      }
    }
  }

  /// Nil for a file of another format.
  private init?(_ bytes: [UInt8]) {
    guard bytes.count >= 4, bytes[0] == 67, bytes[1] == 68, bytes[2] == 70, [1, 2, 5].contains(bytes[3]) else { return nil }
    self.bytes = bytes
    isCDF1 = bytes[3] == 1
    isCDF5 = bytes[3] == 5
  }

  /// The end of the last value; nil when the bytes at hand end before the header does.
  private mutating func length() -> Int? {
    guard let records = number() else { return nil }
    // All bits set: the writer was streaming and did not count its records.
    let recordCount = records == (isCDF5 ? Int.max : 0xFFFF_FFFF) ? 0 : records
    guard let lengths = list({ header in header.name() ? header.number() : nil }) else { return nil }
    guard list({ $0.attribute() }) != nil else { return nil }
    guard let variables = list({ $0.variable(lengths) }) else { return nil }

    let records1 = variables.filter(\.isRecord)
    // With a single record variable its records are not padded.
    let recordSize = records1.count == 1 ? records1[0].size : records1.reduce(0) { $0 &+ ($1.size &+ 3) / 4 * 4 }
    var end = position
    for variable in variables {
      let before = variable.isRecord ? max(0, recordCount - 1).multipliedReportingOverflow(by: recordSize) : (0, false)
      let (last, overflow) = variable.begin.addingReportingOverflow(before.0)
      if before.1 || overflow || (variable.isRecord && recordCount == 0) { continue }
      end = max(end, last &+ variable.size)
    }
    return end
  }

  private struct Variable {
    let isRecord: Bool
    /// Bytes of the variable, or of one record of it.
    let size: Int
    let begin: Int
  }

  private mutating func variable(_ lengths: [Int]) -> Variable? {
    guard name(), let rank = number(), rank <= 1024 else { return nil }
    var count = 1
    var isRecord = false
    for axis in 0..<rank {
      guard let id = number(), lengths.indices.contains(id) else { return nil }
      if axis == 0, lengths[id] == 0 { isRecord = true } else { count = count.multipliedReportingOverflow(by: lengths[id]).0 }
    }
    guard list({ $0.attribute() }) != nil, let type = integer(4), let width = Self.width(type), number() != nil,
      let begin = integer(isCDF1 ? 4 : 8)
    else { return nil }
    return Variable(isRecord: isRecord, size: count.multipliedReportingOverflow(by: width).0, begin: begin)
  }

  /// Nil when it is cut; otherwise nothing of interest.
  private mutating func attribute() -> Int? {
    guard name(), let type = integer(4), let width = Self.width(type), let count = number(), count <= 1 << 30 else { return nil }
    return skip((count * width + 3) / 4 * 4) ? 0 : nil
  }

  private static func width(_ type: Int) -> Int? {
    switch type {
    case 1, 2, 7: 1
    case 3, 8: 2
    case 4, 5, 9: 4
    case 6, 10, 11: 8
    default: nil
    }
  }

  private mutating func list<Element>(_ read: (inout ClassicFileLength) -> Element?) -> [Element]? {
    guard integer(4) != nil, let count = number(), count <= bytes.count else { return nil }
    var elements: [Element] = []
    for _ in 0..<count {
      guard let element = read(&self) else { return nil }
      elements.append(element)
    }
    return elements
  }

  private mutating func name() -> Bool {
    guard let count = number(), count <= 1 << 20 else { return false }
    return skip((count + 3) / 4 * 4)
  }

  private mutating func skip(_ count: Int) -> Bool {
    guard count <= bytes.count - position else { return false }
    position += count
    return true
  }

  private mutating func number() -> Int? { integer(isCDF5 ? 8 : 4) }

  private mutating func integer(_ width: Int) -> Int? {
    guard width <= bytes.count - position else { return nil }
    var value: UInt64 = 0
    for byte in bytes[position..<position + width] { value = value << 8 | UInt64(byte) }
    position += width
    return Int(clamping: value)
  }
}
