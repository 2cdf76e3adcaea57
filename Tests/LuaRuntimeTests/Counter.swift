import FluxCore
@testable import LuaRuntime

/// A toy type with everything that a declaration can say.
final class Counter: LuaExposed {
  var count: Int
  var label: String?
  let weight: Int

  init(_ count: Int, weight: Int = 0) {
    self.count = count
    self.weight = weight
  }

  enum Step: String, LuaEnum { case single, double }

  var luaDescription: String { "Counter(\(count))" }
  var luaTree: String { "Counter\n└── count: \(count)" }
  var nativeByteCount: Int { weight }

  static let luaType = LuaType<Counter>(
    "Counter", "counts",
    members: [
      .property("count", "integer", "how many") { $0.count },
      .property("label", "string?", "a name", get: { $0.label }, set: { $0.label = $1 }),
      .method("add", "(n: integer, step: \"single\"|\"double\" = \"single\") -> Counter", "adds n") { counter, call in
        let step = try call.argument(2, "step", default: Step.single)
        counter.count += try call.argument(1, "n") * (step == .double ? 2 : 1)
        return counter
      },
      .method("reset", "()", "back to 0") { counter, _ in counter.count = 0 },
      .method("scaled", "({factor: number = 1, offset?: number})", "scaled") { counter, call in
        let options = try call.options(1)
        return try Double(counter.count) * options.value("factor", default: 1.0) + options.value("offset", default: 0.0)
      },
      .method("each", "(f: fun(i: integer))", "calls f for 1…count") { counter, call in
        let f = try call.argument(1, "f") as LuaFunction
        for i in 0..<counter.count { try f.call(i + 1) }
      },
      .method("both", "() -> integer, string", "two results") { counter, _ in LuaResults(counter.count, "two") },
      .method("wait", "()", "never ends, but for Ctrl-C") { counter, call in
        while true { try Interrupt.check() }
      },
      .method("stop", "()", "as a loop that saw Ctrl-C") { _, _ in throw Interrupted() },
      .method("carry_on", "()", "answers an interrupt") { _, call in
        call.session.interrupt()
        call.answerInterrupt()
      },
      .operator(.add, "(left: Counter|integer, right: Counter|integer) -> Counter", "sum") { call in
        func value(_ i: Int) throws -> Int { try call.argument(i, if: Counter.self)?.count ?? call.argument(i, "operand") }
        return try Counter(value(1) + value(2))
      },
      .operator(.negate, "(right: Counter) -> Counter", "minus") { call in
        try Counter(-(call.argument(1, "right") as Counter).count)
      },
      .operator(.length, "(of: Counter) -> integer", "count") { call in try (call.argument(1, "of") as Counter).count },
      .operator(.less, "(left: Counter, right: Counter) -> boolean", "compares") { call in
        try (call.argument(1, "left") as Counter).count < (call.argument(2, "right") as Counter).count
      },
      .index("(i: integer|integer[]) -> integer", "i times count") { counter, call in
        if let list = call.argument(1, if: [Int].self) { return counter.count * list.reduce(1, *) }
        return try counter.count * call.argument(1, "i")
      },
      .setIndex("(i: integer, value: integer)", "sets count to i times value") { counter, call in
        counter.count = try call.argument(1, "i") * call.argument(2, "value")
      },
      .call("(n: integer) -> integer", "count + n") { counter, call in try counter.count + call.argument(1, "n") },
    ])
}

/// The module that makes counters.
let counterModule = LuaModule(
  "counter", "counters", types: [Counter.luaType],
  [
    .call("(n: integer) -> Counter", "a counter at n") { call in try Counter(call.argument(1, "n")) },
    .function("heavy", "(bytes: integer) -> Counter", "claims native bytes") { call in
      try Counter(0, weight: call.argument(1, "bytes"))
    },
    .function("total", "(values: number[]) -> number", "sum") { call in
      try (call.argument(1, "values") as [Double]).reduce(0, +)
    },
    .function("named", "(map: table<string, integer>) -> string[]", "names") { call in
      try (call.argument(1, "map") as [String: Int]).keys.sorted()
    },
    .function("open", "({[1]: string, years: integer[]}) -> string", "mixed options") { call in
      let options = try call.options(1)
      let years = try options.required("years", as: [Int].self)
      return "\(try options.item(1, as: String.self) ?? "none") \(years)"
    },
    .value("limit", "integer", "the greatest count") { _ in 100 },
  ])

/// A session that knows counters.
func counterSession(memoryLimit: Int? = nil) -> LuaSession {
  let session = LuaSession(memoryLimit: memoryLimit)
  session.install(counterModule)
  return session
}

/// The one result of a text, as a string of Lua's.
func answer(_ session: LuaSession, _ source: String) throws -> String {
  try session.run("local function text(...) local t = table.pack(...) for i = 1, t.n do t[i] = tostring(t[i]) end return table.concat(t, ' ') end return text((function() \(source) end)())")
    .first?.string ?? "nothing"
}

/// The message that a text ends in.
func message(_ session: LuaSession, _ source: String) -> String {
  do {
    try session.run(source, name: "@script.lua")
    return "no error"
  } catch { return "\(error)" }
}
