import FluxCore

/// Walks over the lines of a delimited file and remembers where the fields of one line lie.
struct RowScan {
  var starts: [Int] = [], ends: [Int] = []
  var count = 0
  /// Line just read, from 1, and where the next one begins.
  var line = 0, nextLine = 1, next: Int

  /// A separator that stands for any run of blanks and tabs.
  static let blanks: UInt8 = 32

  private let comment: UInt8?

  /// - Parameter comment: the character that begins a comment line; nil when none does.
  init(at offset: Int, comment: UInt8? = UInt8(ascii: "#")) {
    next = offset
    self.comment = comment
  }

  /// Moves to the next line that is neither blank nor a comment; false at the end of the file.
  mutating func advance(_ bytes: some RandomAccessCollection<UInt8>, _ delimiter: UInt8, _ path: String) throws -> Bool {
    try bytes.withContiguousStorageIfAvailable { try advance($0, delimiter, path) } ?? false
  }

  mutating func advance(_ bytes: UnsafeBufferPointer<UInt8>, _ delimiter: UInt8, _ path: String) throws -> Bool {
    let end = bytes.count
    let cr: UInt8 = 13, lf: UInt8 = 10, quote: UInt8 = 34
    while next < end {
      var i = next
      line = nextLine
      let first = bytes[i] == quote && i + 1 < end ? bytes[i + 1] : bytes[i]
      if first == comment {
        while i < end, bytes[i] != lf, bytes[i] != cr { i += 1 }
        finishLine(bytes, i)
        continue
      }
      count = 0
      if delimiter == Self.blanks {
        i = readFieldsBetweenBlanks(bytes, i)
        finishLine(bytes, i)
        if count == 0 { continue }
        return true
      }
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

  /// The fields of one line; where it ends.
  private mutating func readFieldsBetweenBlanks(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var i = start
    func isEnd(_ i: Int) -> Bool { i == bytes.count || bytes[i] == 10 || bytes[i] == 13 }
    func isBlank(_ i: Int) -> Bool { bytes[i] == 32 || bytes[i] == 9 }
    while true {
      while !isEnd(i), isBlank(i) { i += 1 }
      if isEnd(i) { return i }
      let fieldStart = i
      if bytes[i] == 34 {
        i += 1
        while !isEnd(i), bytes[i] != 34 { i += 1 }
        if !isEnd(i) { i += 1 }
      }
      while !isEnd(i), !isBlank(i) { i += 1 }
      put(fieldStart, i)
    }
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
