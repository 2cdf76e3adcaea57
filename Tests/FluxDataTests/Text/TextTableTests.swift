import FluxCore
import Foundation
import TestSupport
import Testing

@testable import FluxData

@Suite("Text tables")
struct TextTableTests {
  private func table(_ text: String, _ change: (inout TextTable.Options) -> Void = { _ in }) throws -> TextTable {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("table-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try text.write(to: folder.appendingPathComponent("t.txt"), atomically: false, encoding: .utf8)
    var options = TextTable.Options()
    change(&options)
    return try TextTable(path: folder.appendingPathComponent("t.txt").path, options)
  }

  private func message(_ text: String, _ change: (inout TextTable.Options) -> Void = { _ in }) -> String {
    refusal { try table(text, change) }
  }

  @Test("commas, semicolons, tabs and runs of blanks are told apart, with and without a header", arguments: [
    ("a,b\n1,2\n3,4\n", ["a", "b"]), ("a;b\n1;2\n3;4", ["a", "b"]), ("1\t2\n3\t4\n", nil), ("  1   2\n 3\t4 \n\n", nil),
    ("# year value\n1 2\n3 4", nil), ("a b\r\n1 2\r\n3 4\r\n", ["a", "b"]), ("1,2\n3,4", nil), ("\"a\" \"b\"\n1 2\n3 4", ["a", "b"]),
  ] as [(String, [String]?)])
  func dialects(_ text: String, _ names: [String]?) throws {
    let t = try table(text)
    #expect(t.values == [1, 2, 3, 4] && t.rowCount == 2 && t.columnNames == names)
  }

  @Test("a file of one column is one column")
  func single() throws {
    #expect(try table("1\n2\n3").columnCount == 1)
    #expect(try table("ppm\n371.3\n372\n").values == [371.3, 372])
  }

  @Test("columns are chosen by name or number, in the order asked")
  func columns() throws {
    let t = try table("day,site,nee\n2001-01-01,A,1.5\n2001-01-02,A,-2\n") { $0.columns = [.name("nee")] }
    #expect(t.values == [1.5, -2] && t.columnNames == ["nee"])
    #expect(try table("1 2 3\n4 5 6") { $0.columns = [.number(3), .number(1)] }.values == [3, 1, 6, 4])
    #expect(message("a,b\n1,2") { $0.columns = [.name("c")] }.contains("no column 'c'"))
    #expect(message("1,2\n1,2") { $0.columns = [.name("c")] }.contains("which has no line of names"))
    #expect(message("1,2\n1,2") { $0.columns = [.number(3)] }.contains("column 3"))
  }

  @Test("what is missing is NaN and counted; which numbers stand for it can be said")
  func missing() throws {
    let t = try table("a,b\n1,NA\n-9999,\n-99,nan\n")
    #expect(t.missingCount == 4 && t.values[0] == 1 && t.values[4] == -99)
    #expect(try table("a\n-99\n-9999\n") { $0.missing = [-99] }.values[1] == -9999)
  }

  @Test("a text among numbers, a short line and an empty file are refused by line and column")
  func refusals() {
    #expect(message("a,b\n1,2\n1,x y\n").contains("line 3, column 'b': 'x y'; expected a number"))
    #expect(message("a,b\n1,2\n1\n").contains("line 3: 1 field; expected 2"))
    #expect(message("1 2\n1 2 3\n").contains("line 2: 3 fields; expected 2, as in line 1"))
    #expect(message("").contains("is empty"))
    #expect(message("# nothing\n").contains("holds no data"))
    #expect(message("1\n2\n") { $0.skippedLines = 5 }.contains("2 lines; expected more than the 5"))
    #expect(message("1,2") { $0.delimiter = "::" }.contains("option 'delimiter' is '::'"))
    #expect(message("\u{0}\u{1}binary").contains("a binary file"))
  }

  @Test("lines are skipped, comments chosen, a header forced or denied")
  func options() throws {
    #expect(try table("title\nunits: ppm, yr\n1,2\n") { $0.skippedLines = 2 }.values == [1, 2])
    #expect(try table("! note\n1,2\n") { $0.comment = "!" }.values == [1, 2])
    #expect(try table("2001,2002\n1,2\n") { $0.hasHeader = true }.columnNames == ["2001", "2002"])
    #expect(message("a,b\n1,2") { $0.hasHeader = false }.contains("line 1, column '1': 'a'"))
    #expect(try table("1|2\n") { $0.delimiter = "|" }.values == [1, 2])
  }
}
