import FluxCore
import Glibc

/// A comma-, semicolon- or tab-separated text file with one header line, as tower
/// networks and spreadsheets write it.
///
/// Line ends may be LF, CR LF or CR alone; a UTF-8 byte order mark, quotes, blank
/// lines and comment lines (`#`) are understood. What is not text, or not UTF-8,
/// is refused by what it looks like.
struct DelimitedText {
  let path: String
  /// Names of the header line, in file order, without quotes and blanks.
  let header: [String]
  /// Line of the file on which the header stands, from 1.
  let headerLine: Int
  private let bytes: [UInt8]
  private let delimiter: UInt8
  private let bodyStart: Int
  private let bodyLine: Int

  /// Larger files than this are refused before anything is allocated, bytes.
  static let largestFile = 4 << 30

  /// - Throws: ``FluxError`` when the file cannot be read, is binary, or has no header.
  init(path: String) throws {
    try self.init(bytes: Self.read(path), path: path)
  }

  init(bytes: [UInt8], path: String) throws {
    self.path = path
    self.bytes = bytes
    try Self.refuseBinary(bytes, path: path)
    var scan = RowScan(at: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
    delimiter = Self.guessDelimiter(bytes, from: scan.next)
    guard try scan.advance(bytes, delimiter, path) else {
      throw FluxError("\(path) holds no header line", at: "CSV", expected: "a line of column names, then data")
    }
    header = (0..<scan.count).map { Self.text(bytes, scan.starts[$0], scan.ends[$0]) }
    headerLine = scan.line
    bodyStart = scan.next
    bodyLine = scan.nextLine
  }

  /// The place of a column: exact, else without regard to case.
  func index(of column: String) -> Int? {
    if let exact = header.firstIndex(of: column) { return exact }
    let wanted = column.lowercased()
    return header.firstIndex { $0.lowercased() == wanted }
  }

  /// The place of a column that must be there.
  func require(_ column: String) throws -> Int {
    if let index = index(of: column) { return index }
    throw FluxError(
      "no column '\(column)' in \(path), line \(headerLine)\(NearestName.hint(column, among: header))",
      at: "CSV", expected: "one of \(Self.list(header))",
      remedy: "Name the column that holds it, or choose another file.")
  }

  /// Calls `body` for each data line, in file order.
  ///
  /// - Throws: ``FluxError`` for a line with too few or too many fields, or a quote that never closes.
  func forEachRow(_ body: (borrowing Row) throws -> Void) throws {
    var scan = RowScan(at: bodyStart)
    scan.nextLine = bodyLine
    let width = header.count
    try bytes.withUnsafeBufferPointer { raw in
      var number = 0
      while try scan.advance(raw, delimiter, path) {
        number += 1
        if number & 0xFFF == 0 { try Interrupt.check() }
        if scan.count != width {
          let extrasAreEmpty = scan.count > width && (width..<scan.count).allSatisfy { scan.starts[$0] == scan.ends[$0] }
          guard extrasAreEmpty else {
            throw FluxError(
              "\(path), line \(scan.line): \(scan.count) field\(scan.count == 1 ? "" : "s")", at: "CSV",
              expected: "\(width), as in the header of line \(headerLine)",
              remedy: "Is the file cut off, or edited by hand? Fetch it again.")
          }
        }
        try body(Row(bytes: raw, starts: scan.starts, ends: scan.ends, line: scan.line, file: path, header: header))
      }
    }
  }

  /// One data line.
  struct Row: ~Copyable {
    fileprivate let bytes: UnsafeBufferPointer<UInt8>
    fileprivate let starts: [Int], ends: [Int]
    /// Line of the file, from 1.
    let line: Int
    let file: String
    fileprivate let header: [String]

    /// The text of a field, without quotes.
    func text(_ column: Int) -> String { DelimitedText.text(bytes, starts[column], ends[column]) }

    /// A number, or NaN for a missing one: an empty field, `NA`, `NaN`, or −9999 and lower.
    ///
    /// - Throws: ``FluxError`` naming file, line and column when the field is something else.
    func number(_ column: Int) throws -> Double {
      if let value = numberOrNil(column) { return value }
      throw FluxError(
        "\(file), line \(line), column '\(header[column])': '\(text(column))'", at: "CSV",
        expected: "a number, or -9999 where it is missing")
    }

    func numberOrNil(_ column: Int) -> Double? {
      guard let value = DecimalNumber.parse(bytes, starts[column], ends[column]) else {
        let text = text(column)
        if ["", "na", "nan", "null", "none", "-nan"].contains(text.lowercased()) { return .nan }
        guard text.count < 64, let value = Double(text), value.isFinite else { return nil }
        return value <= -9990 ? .nan : value
      }
      return value <= -9990 ? .nan : value
    }

    /// A field of digits only, such as a time stamp.
    func digits(_ column: Int) -> (value: Int, count: Int)? {
      var start = starts[column], end = ends[column]
      if end - start >= 2, bytes[start] == UInt8(ascii: "\""), bytes[end - 1] == UInt8(ascii: "\"") { start += 1; end -= 1 }
      guard end > start, end - start <= 18 else { return nil }
      var value = 0
      for i in start..<end {
        let digit = Int(bytes[i]) - 48
        guard (0...9).contains(digit) else { return nil }
        value = value * 10 + digit
      }
      return (value, end - start)
    }
  }

  /// At most a dozen names, for a message.
  static func list(_ names: [String]) -> String {
    names.count <= 12 ? names.joined(separator: ", ") : names.prefix(12).joined(separator: ", ") + ", … (\(names.count) in all)"
  }

  // MARK: reading

  /// The whole file, at most ``largestFile`` bytes.
  private static func read(_ path: String) throws -> [UInt8] {
    func failure(_ what: String) -> FluxError {
      FluxError("\(what) \(path): \(String(cString: strerror(errno)))", at: "CSV")
    }
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw failure("cannot open") }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw failure("cannot examine") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FluxError("\(path) is not a regular file", at: "CSV", expected: "a text file")
    }
    let size = Int(status.st_size)
    guard size <= largestFile else {
      throw FluxError("\(path) has \(size) bytes", at: "CSV", expected: "at most \(largestFile)")
    }
    var short = false
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      while filled < size {
        let got = Glibc.read(file, buffer.baseAddress! + filled, min(size - filled, 1 << 24))
        if got < 0, errno == EINTR { continue }
        if got <= 0 { short = got < 0; break }
        filled += got
      }
    }
    if short { throw failure("cannot read") }
    return bytes
  }

  private static func refuseBinary(_ bytes: [UInt8], path: String) throws {
    func starts(_ magic: [UInt8]) -> Bool { bytes.starts(with: magic) }
    let kind: String? =
      if bytes.isEmpty { "empty" }
      else if starts([0x43, 0x44, 0x46]) && bytes.count > 3 && bytes[3] < 8 || starts([0x89, 0x48, 0x44, 0x46]) { "a netCDF or HDF5 file" }
      else if starts([0x50, 0x4B, 0x03, 0x04]) { "a zip archive (unpack it first)" }
      else if starts([0x1F, 0x8B]) { "compressed by gzip (gunzip it first)" }
      else if starts([0xFF, 0xFE]) || starts([0xFE, 0xFF]) { "text in UTF-16 (save it as UTF-8)" }
      else if bytes.prefix(4096).contains(0) { "a binary file" }
      else { nil }
    if let kind { throw FluxError("\(path) is \(kind)", at: "CSV", expected: "comma-separated text") }
  }

  /// The separator that occurs most often in the first line that is no comment.
  private static func guessDelimiter(_ bytes: [UInt8], from start: Int) -> UInt8 {
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    var counts = [0, 0, 0], i = start, lineStart = true, comment = false
    while i < bytes.count {
      let byte = bytes[i]
      if byte == 10 || byte == 13 {
        if counts.contains(where: { $0 > 0 }) { break }
        lineStart = true
        comment = false
      } else {
        if lineStart { comment = byte == UInt8(ascii: "#") || (byte == 34 && i + 1 < bytes.count && bytes[i + 1] == UInt8(ascii: "#")) }
        lineStart = false
        if !comment, let which = candidates.firstIndex(of: byte) { counts[which] += 1 }
      }
      i += 1
    }
    return candidates[counts.firstIndex(of: counts.max()!)!]
  }

  fileprivate static func text(_ bytes: some RandomAccessCollection<UInt8>, _ start: Int, _ end: Int) -> String {
    let first = bytes.startIndex
    func at(_ i: Int) -> UInt8 { bytes[bytes.index(first, offsetBy: i)] }
    var start = start, end = end
    func trim() {
      while start < end, at(start) == 32 || at(start) == 9 { start += 1 }
      while end > start, at(end - 1) == 32 || at(end - 1) == 9 { end -= 1 }
    }
    trim()
    guard end - start >= 2, at(start) == 34, at(end - 1) == 34 else {
      return String(decoding: (start..<end).map(at), as: UTF8.self)
    }
    start += 1
    end -= 1
    trim()
    var plain: [UInt8] = []
    var i = start
    while i < end {
      plain.append(at(i))
      i += at(i) == 34 && i + 1 < end && at(i + 1) == 34 ? 2 : 1
    }
    return String(decoding: plain, as: UTF8.self)
  }
}

/// Walks over the lines of a delimited file and remembers where the fields of one line lie.
private struct RowScan {
  var starts: [Int] = [], ends: [Int] = []
  var count = 0
  /// Line just read, from 1, and where the next one begins.
  var line = 0, nextLine = 1, next: Int

  init(at offset: Int) { next = offset }

  /// Moves to the next line that is neither blank nor a comment; false at the end of the file.
  mutating func advance(_ bytes: some RandomAccessCollection<UInt8>, _ delimiter: UInt8, _ path: String) throws -> Bool {
    try bytes.withContiguousStorageIfAvailable { try advance($0, delimiter, path) } ?? false
  }

  mutating func advance(_ bytes: UnsafeBufferPointer<UInt8>, _ delimiter: UInt8, _ path: String) throws -> Bool {
    let end = bytes.count
    let cr: UInt8 = 13, lf: UInt8 = 10, quote: UInt8 = 34, hash = UInt8(ascii: "#")
    while next < end {
      var i = next
      line = nextLine
      let first = bytes[i] == quote && i + 1 < end ? bytes[i + 1] : bytes[i]
      if first == hash {
        while i < end, bytes[i] != lf, bytes[i] != cr { i += 1 }
        finishLine(bytes, i)
        continue
      }
      count = 0
      var fieldStart = i, blank = true
      while true {
        if i < end, bytes[i] == quote, i == fieldStart {
          i += 1
          while true {
            guard i < end else {
              throw FluxError("\(path), line \(line): a quote opens and never closes", at: "CSV")
            }
            if bytes[i] == quote {
              i += 1
              if i < end, bytes[i] == quote { i += 1; continue }
              break
            }
            if bytes[i] == lf || (bytes[i] == cr && (i + 1 == end || bytes[i + 1] != lf)) { nextLine += 1 }
            i += 1
          }
          blank = false
        }
        while i < end, bytes[i] != delimiter, bytes[i] != lf, bytes[i] != cr {
          if bytes[i] > 32 { blank = false }
          i += 1
        }
        put(fieldStart, i)
        guard i < end, bytes[i] == delimiter else { break }
        i += 1
        fieldStart = i
      }
      finishLine(bytes, i)
      if count == 1, blank { continue }
      return true
    }
    return false
  }

  private mutating func put(_ start: Int, _ end: Int) {
    if count < starts.count {
      starts[count] = start
      ends[count] = end
    } else {
      starts.append(start)
      ends.append(end)
    }
    count += 1
  }

  private mutating func finishLine(_ bytes: UnsafeBufferPointer<UInt8>, _ i: Int) {
    var i = i
    if i < bytes.count {
      let wasReturn = bytes[i] == 13
      i += 1
      if wasReturn, i < bytes.count, bytes[i] == 10 { i += 1 }
    }
    next = i
    nextLine += 1
  }
}
