import FluxCore
import TestSupport
import Testing

@testable import FluxData

@Suite("Delimited text")
struct DelimitedTextTests {
  func table(_ text: String) throws -> (header: [String], rows: [[Double]]) {
    let file = try DelimitedText(bytes: Array(text.utf8), path: "t.csv")
    var rows: [[Double]] = []
    try file.forEachRow { row in rows.append(try file.header.indices.map { try row.number($0) }) }
    return (file.header, rows)
  }

  @Test("LF, CR LF and CR alone end a line; the last may lack its end", arguments: ["\n", "\r\n", "\r"])
  func lineEnds(end: String) throws {
    let read = try table(["a,b", "1,2", "", "3,4"].joined(separator: end))
    #expect(read.header == ["a", "b"])
    #expect(read.rows == [[1, 2], [3, 4]])
  }

  @Test("a byte order mark, comments, quotes, semicolons, tabs and trailing separators are understood")
  func dialects() throws {
    #expect(try table("\u{FEFF}a,b\n1,2").header == ["a", "b"])
    #expect(try table("# Site: X,,\n\"# Version\",,\na,b\n# note\n1,2").rows == [[1, 2]])
    #expect(try table("\"a\";\"b \"\"q\"\"\"\n\"1\";2").header == ["a", "b \"q\""])
    #expect(try table("a\tb\n1\t2").rows == [[1, 2]])
    #expect(try table("a,b\n1,2,,\n").rows == [[1, 2]])
    let quoted = try DelimitedText(bytes: Array("a,b\n\"x, y\",2".utf8), path: "t.csv")
    try quoted.forEachRow { row in #expect(row.text(0) == "x, y") }
  }

  @Test("empty, NA and -9999 are missing; numbers are read exactly")
  func numbers() throws {
    let values = try table("a,b,c,d,e\n,NA,-9999,-9999.0,nan").rows[0]
    #expect(values.filter { !$0.isNaN }.isEmpty)
    let texts = ["0.1", "-12.5e-3", "+7", "1E5", ".5", "3.", "123456789012345680", "0.30000000000000004", "-0.000001"]
    let read = try table("a,b,c,d,e,f,g,h,i\n" + texts.joined(separator: ",")).rows[0]
    #expect(read == [0.1, -12.5e-3, 7, 1e5, 0.5, 3, 123456789012345680, 0.30000000000000004, -0.000001])
  }

  @Test("a short line, a long line and an open quote name their line")
  func lines() {
    func message(_ text: String) -> String { refusal { try table(text) } }
    #expect(message("a,b,c\n1,2,3\n4,5").contains("t.csv, line 3: 2 fields; expected 3"))
    #expect(message("a,b\n1,2,3").contains("line 2: 3 fields"))
    #expect(message("a,b\n1,\"2").contains("line 2: a quote opens and never closes"))
    #expect(message("a,b\n1,x2").contains("t.csv, line 2, column 'b': 'x2'; expected a number"))
  }

  @Test("what is not text is refused by what it is")
  func binaries() {
    func message(_ bytes: [UInt8]) -> String {
      refusal { try DelimitedText(bytes: bytes, path: "t.csv") }
    }
    #expect(message([]).contains("t.csv is empty"))
    #expect(message([0x43, 0x44, 0x46, 1, 0, 0]).contains("netCDF"))
    #expect(message([0x89, 0x48, 0x44, 0x46, 13, 10]).contains("HDF5"))
    #expect(message([0x50, 0x4B, 3, 4, 0]).contains("zip"))
    #expect(message([0xFF, 0xFE, 0x61, 0]).contains("UTF-16"))
    #expect(message(Array("# only a comment\n".utf8)).contains("no header line"))
  }

  @Test("no truncation, no random byte and no missing file traps")
  func hostile() {
    let text = Array("a,\"b\",c\r\n1,\"2\",-9999\r\n# x\r\n4,5,6e2\r\n".utf8)
    var random = RandomStream(seed: 3)
    for length in 0...text.count { try? read(Array(text.prefix(length))) }
    for _ in 0..<3000 {
      var mutated = text
      for _ in 0..<4 { mutated[random.integer(below: text.count)] = UInt8(random.integer(below: 256)) }
      try? read(mutated)
    }
    expectRefusal("cannot open /no/such/file.csv: No such file or directory") {
      try DelimitedText(path: "/no/such/file.csv")
    }
    expectRefusal("/dev/zero is not a regular file; expected a text file") { try DelimitedText(path: "/dev/zero") }
  }

  private func read(_ bytes: [UInt8]) throws {
    let file = try DelimitedText(bytes: bytes, path: "t.csv")
    try file.forEachRow { row in for k in file.header.indices { _ = try row.number(k) } }
  }
}
