import FluxCore
import FluxDocument
import TestSupport
import Testing

@Suite("JSON from anybody")
struct JSONParsingTests {
  private func parsed(_ text: String) throws -> JSONText { try JSONText(parsing: Array(text.utf8), at: "test") }

  @Test("what is written is read back", arguments: [
    "null", "true", "-0.5", "12", "[]", "{}", "\"a\\\"b\\\\c\\nd\"", "[1, [2, {\"k\": null}], false]",
    "{\"a\": \"é→𝄞\", \"b\": [1.5, 2]}",
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

  static let mistakes = [
    ("", "the text ends at line 1, column 1; expected a value: a number, a text in double quotes"),
    ("[1,]", "']' at line 1, column 4; expected a value"),
    ("{\"a\" 1}", "'1}' at line 1, column 6; expected ':' after the name"),
    ("{a: 1}", "'a:' at line 1, column 2; expected a name in double quotes"),
    ("[1 2]", "'2]' at line 1, column 4; expected ',' or ']'"),
    ("{\"a\": 1", "the text ends at line 1, column 8; expected ',' or '}'"),
    ("tru", "'tru' at line 1, column 1; expected a value"), ("+1", "'+1' at line 1, column 1; expected a value"),
    (".5", "'.5' at line 1"), ("1.2.3", "'1.2.3' at line 1, column 1; expected a number"), ("nan", "'nan' at line 1"),
    ("\"abc", "the text ends at line 1, column 5; expected a closing '\"'"),
    ("\"\\", "the text ends at line 1, column 3"),
    ("\"\\x\"", "'x\"' at line 1, column 3; expected one of"),
    ("\"\\u12\"", "'12\"' at line 1, column 4; expected four"),
    ("[1] 2", "'2' at line 1, column 5; expected the end"), ("'a'", "''a'' at line 1"), ("\u{7}", "byte 7 at line 1"),
    ("{\n  \"a\": 1,\n  \"é\": abcdefghijklmnopqrstuvwxyz\n}", "'abcdefghijkl…' at line 3, column 8"),
  ]

  @Test("what is no JSON is refused with what stands there, line, column and what was expected", arguments: mistakes)
  func malformed(_ text: String, _ message: String) {
    expectRefusal("test: " + message) { try parsed(text) }
  }

  @Test("depth and size are bounded")
  func bounds() {
    expectRefusal("more than 100 levels") { try parsed(String(repeating: "[", count: 100_000)) }
    let long = Array(("[" + String(repeating: "0,", count: 1_100_000) + "0]").utf8)
    expectRefusal("more than 1000000 values") { try JSONText(parsing: long, at: "test") }
    #expect(throws: Never.self) { try JSONText(parsing: long, at: "test", mostValues: 2_000_000) }
  }

  @Test("indented: a line a field, lists in one line, ten significant digits, null for what is not finite")
  func indented() {
    let value = JSONText.object([
      ("none", .object([])), ("list", .list([.number(1.0 / 3), .integer(-4), .number(.nan), .list([])])),
      ("inner", .object([("a", .text("x\u{7F}\n")), ("rows", .list([.object([("b", .number(1e-9))]), .flag(true)]))])),
    ])
    #expect(value.indented == """
      {
        "none": {},
        "list": [0.3333333333, -4, null, []],
        "inner": {
          "a": "x\\u007f\\n",
          "rows": [{
              "b": 1e-09
            }, true]
        }
      }
      """)
  }

  @Test("an HTML table escapes what it holds and sets numbers right")
  func table() {
    let table = Table(title: "a < b", columns: ["name", "x & y"], rows: [[.text("<script>"), .number(1.25, digits: 1)]], notes: ["\"q\""])
    for part in ["a &lt; b", "&lt;script&gt;", "x &amp; y", "text-align:right\">1.2", "&quot;q&quot;"] { #expect(table.html.contains(part), "\(part)") }
  }
}
