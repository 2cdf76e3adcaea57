import FluxCore
import Glibc

/// A comma-, semicolon-, tab- or blank-separated text file, with one header line or
/// without, as tower networks and spreadsheets write it.
///
/// Line ends may be LF, CR LF or CR alone; a UTF-8 byte order mark, quotes, blank
/// lines and comment lines (`#`) are understood. What is not text, or not UTF-8,
/// is refused by what it looks like.
package struct DelimitedText {
  package let path: String
  /// Names of the header line, in file order, without quotes and blanks; `1`, `2`, … where there is none.
  package let header: [String]
  package let hasHeader: Bool
  /// Line of the file on which the header stands, from 1; without one, the first line of data.
  package let headerLine: Int
  private let bytes: [UInt8]
  private let delimiter: UInt8
  private let bodyStart: Int
  private let bodyLine: Int
  private let dialect: Dialect

  /// How a file is written, as far as it is known.
  package struct Dialect {
    /// Nil to guess; ``RowScan/blanks`` for any run of blanks and tabs.
    package var delimiter: UInt8?
    /// Whether blanks may be guessed as separators.
    package var mayBeBlanks = false
    /// Nil to guess: a first line that holds a word is a header.
    package var hasHeader: Bool? = true
    /// Lines to pass over before anything is read.
    package var skippedLines = 0
    package var comment: UInt8? = UInt8(ascii: "#")

    package init(mayBeBlanks: Bool = false, hasHeader: Bool? = true, skippedLines: Int = 0) {
      self.mayBeBlanks = mayBeBlanks
      self.hasHeader = hasHeader
      self.skippedLines = skippedLines
    }
  }

  /// Larger files than this are refused before anything is allocated, bytes.
  static let largestFile = 4 << 30

  /// - Throws: ``FluxError`` when the file cannot be read, is binary, or has no line to begin with.
  package init(path: String, dialect: Dialect = Dialect()) throws {
    try self.init(bytes: Self.read(path), path: path, dialect: dialect)
  }

  package init(bytes: [UInt8], path: String, dialect: Dialect = Dialect()) throws {
    self.path = path
    self.bytes = bytes
    self.dialect = dialect
    try Self.refuseBinary(bytes, path: path)
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    for line in 0..<dialect.skippedLines {
      guard let end = bytes[start...].firstIndex(of: 10) else {
        throw FluxError("\(path) has \(line + (start < bytes.count ? 1 : 0)) lines", at: "CSV", expected: "more than the \(dialect.skippedLines) that are to be skipped")
      }
      start = end + 1
    }
    var scan = RowScan(at: start, comment: dialect.comment)
    scan.nextLine = dialect.skippedLines + 1
    delimiter = dialect.delimiter ?? Self.guessDelimiter(bytes, from: scan.next, dialect)
    guard try scan.advance(bytes, delimiter, path) else {
      throw FluxError("\(path) holds no \(dialect.hasHeader == true ? "header line" : "data")", at: "CSV", expected: "a line of column names, then data")
    }
    let first = (0..<scan.count).map { Self.text(bytes, scan.starts[$0], scan.ends[$0]) }
    headerLine = scan.line
    hasHeader = dialect.hasHeader ?? first.contains { Row.number($0) == nil }
    header = hasHeader ? first : first.indices.map { String($0 + 1) }
    bodyStart = hasHeader ? scan.next : start
    bodyLine = hasHeader ? scan.nextLine : dialect.skippedLines + 1
  }

  /// The place of a column: exact, else without regard to case.
  package func index(of column: String) -> Int? {
    if let exact = header.firstIndex(of: column) { return exact }
    let wanted = column.lowercased()
    return header.firstIndex { $0.lowercased() == wanted }
  }

  /// The place of a column that must be there.
  package func require(_ column: String) throws -> Int {
    if let index = index(of: column) { return index }
    throw FluxError(
      "no column '\(column)' in \(path), line \(headerLine)\(NearestName.hint(column, among: header))",
      at: "CSV", expected: "one of \(Self.list(header))",
      remedy: "Name the column that holds it, or choose another file.")
  }

  /// Calls `body` for each data line, in file order.
  ///
  /// - Throws: ``FluxError`` for a line with too few or too many fields, or a quote that never closes.
  package func forEachRow(_ body: (borrowing Row) throws -> Void) throws {
    var scan = RowScan(at: bodyStart, comment: dialect.comment)
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
              expected: "\(width), as in \(hasHeader ? "the header of " : "")line \(headerLine)",
              remedy: "Is the file cut off, or edited by hand? Fetch it again.")
          }
        }
        try body(Row(bytes: raw, starts: scan.starts, ends: scan.ends, line: scan.line, file: path, header: header))
      }
    }
  }

  /// One data line.
  package struct Row: ~Copyable {
    fileprivate let bytes: UnsafeBufferPointer<UInt8>
    fileprivate let starts: [Int], ends: [Int]
    /// Line of the file, from 1.
    package let line: Int
    package let file: String
    fileprivate let header: [String]

    /// The text of a field, without quotes.
    package func text(_ column: Int) -> String { DelimitedText.text(bytes, starts[column], ends[column]) }

    /// A number, or NaN for a missing one: an empty field, `NA`, `NaN`, or −9999 and lower.
    ///
    /// - Throws: ``FluxError`` naming file, line and column when the field is something else.
    package func number(_ column: Int) throws -> Double {
      if let value = numberOrNil(column) { return value }
      throw FluxError(
        "\(file), line \(line), column '\(header[column])': '\(text(column))'", at: "CSV",
        expected: "a number, or -9999 where it is missing")
    }

    package func numberOrNil(_ column: Int) -> Double? {
      guard let value = plainNumber(column) else { return nil }
      return value <= -9990 ? .nan : value
    }

    /// The number as it stands, NaN for an empty field or a word for missing; nil when it is something else.
    package func plainNumber(_ column: Int) -> Double? {
      DecimalNumber.parse(bytes, starts[column], ends[column]) ?? Self.number(text(column))
    }

    /// The same from a text, for what ``DecimalNumber`` leaves open.
    package static func number(_ text: String) -> Double? {
      if ["", "na", "n/a", "nan", "null", "none", "-nan"].contains(text.lowercased()) { return .nan }
      guard text.count < 64, let value = Double(text), value.isFinite else { return nil }
      return value
    }

    /// A field of digits only, such as a time stamp.
    package func digits(_ column: Int) -> (value: Int, count: Int)? {
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
  package static func list(_ names: [String]) -> String {
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
    try AvailableMemory.require(size, ofSize: 1, for: "the text of \(path)", at: "CSV")
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
  private static func guessDelimiter(_ bytes: [UInt8], from start: Int, _ dialect: Dialect) -> UInt8 {
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")], hash = dialect.comment
    var counts = [0, 0, 0], i = start, lineStart = true, comment = false, inked = false, blankAfterInk = false
    while i < bytes.count {
      let byte = bytes[i]
      if byte == 10 || byte == 13 {
        if counts.contains(where: { $0 > 0 }) || inked && dialect.mayBeBlanks { break }
        lineStart = true
        comment = false
      } else {
        if lineStart { comment = byte == hash || (byte == 34 && i + 1 < bytes.count && bytes[i + 1] == hash) }
        lineStart = false
        if !comment, let which = candidates.firstIndex(of: byte) { counts[which] += 1 }
        if !comment, byte > 32 { inked = true } else if !comment, inked { blankAfterInk = true }
      }
      i += 1
    }
    if dialect.mayBeBlanks, blankAfterInk, counts[0] == 0, counts[1] == 0 { return RowScan.blanks }
    return candidates[counts.firstIndex(of: counts.max()!)!]
  }

  static func text(_ bytes: some RandomAccessCollection<UInt8>, _ start: Int, _ end: Int) -> String {
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
