import FluxCore

/// A text file of numbers, one row a line: what spreadsheets, NOAA and `numpy.savetxt` write.
public struct TextTable {
  /// Row by row; NaN where missing.
  public let values: [Double]
  public let rowCount: Int
  /// The chosen columns' names, in the order chosen; nil when the file has no header.
  public let columnNames: [String]?
  public let columnCount: Int
  public let missingCount: Int

  /// Which part of the file to read, and how it is written. What is nil is guessed.
  public struct Options {
    /// One of `,` `;` `tab` `space`, or any other single character.
    public var delimiter: String?
    public var hasHeader: Bool?
    /// Lines to pass over before the header.
    public var skippedLines = 0
    /// Lines that begin with it are passed over; "" for none.
    public var comment = "#"
    /// Numbers that stand for a missing value, besides empty fields, NA and NaN.
    public var missing: [Double] = [-9999]
    /// Columns by name or by number from 1, in the order wanted; nil for all.
    public var columns: [Column]?
    public init() {}
  }

  public enum Column: Sendable {
    case name(String)
    case number(Int)
  }

  /// - Throws: ``FluxError`` when the file cannot be read, is not text, has lines of unequal length, lacks
  ///   a column, or holds a field that is neither a number nor missing: with line and column.
  public init(path: String, _ options: Options = Options()) throws {
    var dialect = DelimitedText.Dialect(mayBeBlanks: true, hasHeader: options.hasHeader, skippedLines: options.skippedLines)
    dialect.delimiter = try options.delimiter.map(Self.delimiter)
    dialect.comment = try options.comment.isEmpty ? nil : Self.character(options.comment, "comment")
    let file = try DelimitedText(path: path, dialect: dialect)
    let places = try options.columns.map { try $0.map { try Self.place($0, in: file) } } ?? Array(file.header.indices)

    var values: [Double] = [], rows = 0, missing = 0
    try file.forEachRow { row in
      for place in places {
        guard var value = row.plainNumber(place) else {
          throw FluxError("\(path), line \(row.line), column '\(file.header[place])': '\(row.text(place).prefix(40))'", at: "tensor.csv", expected: "a number",
            remedy: options.columns == nil ? "Choose the columns of numbers: columns = {…}. The file has \(DelimitedText.list(file.header))." : "Name it as missing, or choose another column.")
        }
        if options.missing.contains(value) { value = .nan }
        if value.isNaN { missing += 1 }
        if values.count == values.capacity { try AvailableMemory.require(values.count * 2, ofSize: 8, for: "the table", at: "tensor.csv") }
        values.append(value)
      }
      rows += 1
    }
    self.values = values
    rowCount = rows
    columnCount = places.count
    missingCount = missing
    columnNames = file.hasHeader ? places.map { file.header[$0] } : nil
  }

  private static func place(_ column: Column, in file: DelimitedText) throws -> Int {
    switch column {
    case .name(let name):
      guard file.hasHeader else {
        throw FluxError("column '\(name)' of \(file.path), which has no line of names", at: "tensor.csv", expected: "numbers of columns, 1 to \(file.header.count)",
          remedy: "If its first line does hold names: header = true.")
      }
      return try file.require(name)
    case .number(let number):
      guard number >= 1, number <= file.header.count else {
        throw FluxError("column \(number) of \(file.path)", at: "tensor.csv", expected: "1 to \(file.header.count)")
      }
      return number - 1
    }
  }

  private static func delimiter(_ word: String) throws -> UInt8 {
    switch word {
    case "tab": 9
    case "space", " ": RowScan.blanks
    default: try character(word, "delimiter")
    }
  }

  private static func character(_ text: String, _ option: String) throws -> UInt8 {
    guard text.utf8.count == 1, let byte = text.utf8.first, byte != 10, byte != 13, byte != 34 else {
      throw FluxError("option '\(option)' is '\(text)'", at: "tensor.csv", expected: option == "delimiter" ? "',', ';', 'tab', 'space' or another single character" : "a single character, or '' for none")
    }
    return byte
  }
}
