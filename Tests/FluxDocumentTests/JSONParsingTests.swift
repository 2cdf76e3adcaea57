import FluxCore
import FluxDocument
import Testing

@Suite("JSON from anybody")
struct JSONParsingTests {
  private func parsed(_ text: String) throws -> JSONText { try JSONText(parsing: Array(text.utf8), at: "test") }

  @Test("what is written is read back", arguments: [
    "null", "true", "-0.5", "12", "[]", "{}", "\"a\\\"b\\\\c\\nd\"", "[1, [2, {\"k\": null}], false]", "{\"a\": \"é→𝄞\", \"b\": [1.5, 2]}",
  ])
  func roundTrip(_ text: String) throws {
    #expect(try parsed(text).description == text)
  }

  @Test("escapes, surrogates and blanks are read as RFC 8259 says; half a pair is U+FFFD")
  func escapes() throws {
    #expect(try parsed(" \n[ \"\\u00e9\\ud834\\udd1e\\/\\b\" ]\t").items?.first?.string == "é𝄞/\u{8}")
    #expect(try parsed("\"\\ud834x\\udd1e\"").string == "\u{FFFD}x\u{FFFD}")
    #expect(try parsed("\"\\ud834\\u0041\"").string == "\u{FFFD}A")
    #expect(try JSONText(parsing: [0x22, 0xFF, 0x41, 0x22], at: "test").string == "\u{FFFD}A")
  }

  @Test("of equal names the last counts; numbers beyond Int are numbers")
  func fields() throws {
    let value = try parsed(#"{"a": 1, "a": 2, "b": 123456789012345678901234567890, "c": 1e999}"#)
    #expect(value["a"]?.whole == 2 && value["b"]?.whole == nil && value["d"] == nil)
  }

  @Test("what is no JSON is refused with the byte", arguments: [
    "", "[1,]", "{\"a\" 1}", "{a: 1}", "[1 2]", "tru", "+1", ".5", "1.2.3", "\"abc", "\"\\x\"", "\"\\u12\"", "[1] 2", "nan", "'a'", "\"\\",
  ])
  func malformed(_ text: String) {
    let error = #expect(throws: FluxError.self) { try parsed(text) }
    #expect(error?.description.contains("at byte") == true)
  }

  @Test("depth and size are bounded")
  func bounds() {
    #expect(throws: FluxError.self) { try parsed(String(repeating: "[", count: 100_000)) }
    #expect(throws: FluxError.self) { try parsed("[" + String(repeating: "0,", count: 1_100_000) + "0]") }
  }

  @Test("an HTML table escapes what it holds and sets numbers right")
  func table() {
    let table = Table(title: "a < b", columns: ["name", "x & y"], rows: [[.text("<script>"), .number(1.25, digits: 1)]], notes: ["\"q\""])
    for part in ["a &lt; b", "&lt;script&gt;", "x &amp; y", "text-align:right\">1.2", "&quot;q&quot;"] { #expect(table.html.contains(part), "\(part)") }
  }
}
