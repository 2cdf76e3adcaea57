import FluxCore
import Foundation
import LuaRuntime
import TestSupport
import Testing
@testable import FluxLua

/// What scripts write for other programs, and read from them.
@Suite("JSON in Lua")
struct JSONBindingTests {
  let lua = FluxLibrary.session()

  private func string(_ code: String) throws -> String? { try lua.run(code).first?.string }

  private func message(_ code: String) throws -> String {
    try #require(#expect(throws: LuaError.self) { try lua.run(code) }).description
  }

  static let forms = [
    ("nil", "null"), ("true", "true"), ("7", "7"), ("7.0", "7"), ("1/3", "0.3333333333"), ("1e300", "1e+300"),
    ("-0.0", "-0"), ("0/0", "null"), ("-math.huge", "null"), ("'a\"b\\n\\127'", #""a\"b\n\u007f""#),
    ("{}", "{}"), ("{1, {2}, {}}", "[1, [2], {}]"),
    ("{z = 1, Z = 2, [\"é\"] = 3}", "{\n  \"Z\": 2,\n  \"z\": 1,\n  \"é\": 3\n}"),
    ("{[2002] = 1, [2001] = {a = {}}}", "{\n  \"2001\": {\n    \"a\": {}\n  },\n  \"2002\": 1\n}"),
    ("{{a = 1}, {b = 2}}", "[{\n    \"a\": 1\n  }, {\n    \"b\": 2\n  }]"),
  ]

  @Test("lists, objects with sorted names, ten digits and null are written as ever", arguments: forms)
  func encode(_ value: String, _ text: String) throws {
    #expect(try string("return flux.json.encode(\(value))") == text)
  }

  @Test("what is read is tables, numbers whole where they are, null as nil")
  func decode() throws {
    #expect(try lua.run("""
      local v = flux.json.decode [[ {"a": [1, 2.5, null, "é\\ud834\\udd1e"],
        "b": {"c": true}, "n": null, "b": {"c": false}} ]]
      assert(math.type(v.a[1]) == "integer" and v.a[2] == 2.5 and v.a[3] == nil and v.a[4] == "é𝄞")
      assert(v.b.c == false and v.n == nil and flux.json.decode "null" == nil and flux.json.decode "-2" == -2)
      return flux.json.encode(flux.json.decode(flux.json.encode { x = { 1, { y = {} } } }))
      """).first?.string == "{\n  \"x\": [1, {\n      \"y\": {}\n    }]\n}")
  }

  @Test("a file appears whole with a line's end, replaces an older one, and is read back")
  func files() throws {
    let folder = TestFolder()
    lua.set("path", folder.path + "/a.json")
    #expect(try lua.run("""
      flux.json.write(path, { 1 })
      flux.json.write(path, { rmse = 1.5 })
      local file <close> = io.open(path)
      return file:read "a" .. flux.json.read(path).rmse
      """).first?.string == "{\n  \"rmse\": 1.5\n}\n1.5")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.json"])
  }

  @Test("what JSON has no form for is refused with the way to it", arguments: [
    ("{a = {b = print}}", "json.encode: argument 1 ('value') is a table whose 'a' is a table whose 'b' is a function;"),
    ("{1, {2, tensor{3}}}", "is a list whose item 2 is a list whose item 2 is a Tensor; expected a number"),
    ("{1, 2, n = 3}", "is a list of 2 that also has 'n'; expected a list without holes or names, or names alone"),
    ("{1, nil, 3}", "is a list of 1 that also has '3'"),
    ("{[true] = 1}", "is a table with a key that is a boolean; expected names"),
    ("(function() local t = {} t.t = t return t end)()", "a table of more than 100 levels"),
    ("", "argument 1 ('value') is missing"),
  ])
  func refused(_ value: String, _ text: String) throws {
    #expect(try message("flux.json.encode(\(value))").contains(text))
    #expect(lua.stack.top == 0)
  }

  @Test("bad text is told with what came, line, column and what was expected; a file with its name")
  func bad() throws {
    let bad = try message("flux.json.decode '[1 2]'")
    #expect(bad.contains("json.decode: '2]' at line 1, column 4; expected ',' or ']'."))
    #expect(try message("flux.json.decode {}").contains("argument 1 ('text') is a table; expected a string"))
    let folder = TestFolder()
    lua.set("path", folder.path + "/a.json")
    #expect(try message("flux.json.read(path)").contains("a.json: cannot be read: No such file"))
    try lua.run("local file <close> = io.open(path, 'w') file:write '{\\n  \"a\": nan}'")
    #expect(try message("flux.json.read(path)").contains("a.json: 'nan}' at line 2, column 8; expected a value"))
    #expect(try message("flux.json.read '/tmp'").contains("/tmp: a folder has this name"))
    #expect(try message("flux.json.write(path .. '/b', 1)").contains("is no folder"))
    #expect(try message("flux.json.write(path)").contains("argument 2 ('value') is missing"))
  }
}
