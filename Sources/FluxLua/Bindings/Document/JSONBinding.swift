import FluxCore
import FluxDocument
import LuaRuntime

/// Results as other programs read them. The conversions are `JSONText`'s own, see LuaRuntime/Values.
let jsonModule = LuaModule(
  "json", "JSON: results for other programs, and theirs",
  [
    .function("encode", "(value: any) -> string",
      "a number, string, boolean or table as JSON: lists as lists, names in order, nan and inf as null, ten digits",
      example: #"""
        flux.json.encode { 1, 2.5, 0 / 0 }  --> [1, 2.5, null]
        flux.json.encode { sites = { "DE-Hai", "BR-Sa1" }, rmse = 1.3 }
        """#
    ) { call in
      try value(call, 1).indented
    },
    .function("decode", "(text: string) -> any", "what a JSON text says: objects and lists as tables, null as nil",
      example: #"""
        flux.json.decode '{"rmse": {"ec": 1.349, "ec_atm": 1.321}}'.rmse.ec_atm  --> 1.321
        """#
    ) { call in
      let text = try call.argument(1, "text") as String
      return try JSONText(parsing: Array(text.utf8), at: call.place, mostValues: mostValues)
    },
    .function("write", "(path: string, value: any)",
      "writes a value as JSON, as encode gives it; the file appears whole or not at all",
      example: #"""
        flux.json.write("scores.json", { ec = { rmse = 1.349, years = { 2001, 2002 } } })
        flux.json.read "scores.json".ec.years[2]  --> 2002
        """#
    ) { call in
      let path = try call.argument(1, "path") as String
      try TextFile.write(value(call, 2).indented + "\n", to: path)
    },
    .function("read", "(path: string) -> any", "what a JSON file says, as decode gives it",
      example: #"""
        flux.json.write("sites.json", { { site = "DE-Hai", igbp = "DBF" } })
        flux.json.read "sites.json"[1].igbp  --> DBF
        """#
    ) { call in
      let path = try call.argument(1, "path") as String
      return try JSONText(parsing: TextFile.read(path), at: path, mostValues: mostValues)
    },
  ])

/// A file of the user's own is bounded by its size; this bounds what its values take in memory.
private let mostValues = 50_000_000

/// The value at `position`, which may be nil, but must be given.
private func value(_ call: LuaCall, _ position: Int) throws -> JSONText {
  guard call.count >= position else { throw call.mismatch(position, "value", expected: JSONText.luaExpectation) }
  return try call.argument(position, "value")
}
