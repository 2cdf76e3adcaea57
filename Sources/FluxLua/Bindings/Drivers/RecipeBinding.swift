import FluxCore
import FluxDrivers
import LuaRuntime

extension DriverRecipe: LuaExposed {
  public static let luaType = LuaType<DriverRecipe>(
    "Recipe", "which drivers are made, and of what: prints as a table",
    members: [
      .property("name", "string", "paper, names, tramontana, or own",
        example: "drivers.recipes.paper.name  --> paper") { $0.name },
      .property("names", "string[]", "the drivers, in the order of a model's inputs") { $0.drivers.map(\.name) },
      .property("kinds", "string[]", "constant, seasonal or daily, one for each driver; what the formula makes of it") { $0.drivers.map(\.kind.rawValue) },
      .property("units", "string[]", "one for each driver") { $0.drivers.map(\.unit) },
      .property("formulas", "string[]", "what each driver is computed of",
        example: "drivers.recipes.names.formulas[3]  --> msc(evi * rpot)"
      ) { $0.drivers.map(\.formula) },
    ])

  public var luaDescription: String { description }
  public var nativeByteCount: Int { drivers.count * 256 }
}

extension DriverRecipe {
  /// What an option of a script means: a name, a recipe, or a table of lines.
  init(_ value: LuaValue, _ call: LuaCall) throws {
    let expected = "\"paper\", \"names\", \"tramontana\", a Recipe or a table of drivers"
    if let name = value.string {
      try self.init(named: name, at: call.place)
    } else if let recipe = value.read(in: call.session, as: DriverRecipe.self) {
      self = recipe
    } else {
      let read = try call.session.withTable(value) { try DriverRecipe($0, call) }
      guard let read else { throw FluxError("the recipe is neither text nor table", at: call.place, expected: expected) }
      self = read
    }
  }

  /// `{from = "paper", Rg_VIMSC = "msc(ndvi) * rg", {name = "AMP_Tair", formula = "amplitude(msc(tair))"}}`.
  init(_ table: LuaTableView, _ call: LuaCall) throws {
    let place = call.place
    var base: DriverRecipe?, without: [String] = [], redefined: [String: String] = [:]
    let given = table.names.sorted()
    if given.contains("from") {
      let value: LuaValue = try Self.required("from", of: table, at: place)
      base = try DriverRecipe(value, call)
    }
    if given.contains("without") { without = try Self.required("without", of: table, at: place) }
    let known = base?.drivers.map(\.name) ?? [], others = given.filter { $0 != "from" && $0 != "without" }
    if let unknown = others.first(where: { !known.contains($0) }) {
      let hint = NearestName.hint(unknown, among: known + ["from", "without"])
      throw FluxError(
        "'\(unknown)' redefines no driver\(hint)", at: place,
        expected: known.isEmpty ? "from = a recipe that has it" : "one of \(known.joined(separator: ", ")), from, without",
        remedy: "A new driver stands in the list: {name = \"\(unknown)\", formula = …}.")
    }
    for name in others { redefined[name] = try Self.required(name, of: table, at: place) }
    var lines = known.compactMap { name in redefined[name].map { Line(name: name, formula: $0) } }
    for position in 0..<table.count { lines.append(try Self.line(position + 1, of: table, at: place)) }
    try self.init(lines, from: base, without: without, at: place)
  }

  private static let fields = ["name", "formula", "unit", "kind"]

  private static func line(_ position: Int, of table: LuaTableView, at place: String) throws -> Line {
    let line = try table.withTable(at: position) { view -> Line in
      let unknown = view.names.sorted().first { !fields.contains($0) }
      if let unknown {
        throw FluxError(
          "driver \(position) has an unknown field '\(unknown)'\(NearestName.hint(unknown, among: fields))", at: place,
          expected: "name, formula and perhaps unit, kind")
      }
      func text(_ field: String) throws -> String? { try Self.field(field, of: view, at: "\(place): driver \(position)") }
      guard let name = try text("name"), let formula = try text("formula") else {
        throw FluxError(
          "driver \(position) has no \(try text("name") == nil ? "name" : "formula")", at: place,
          expected: "{name = \"AMP_Tair\", formula = \"amplitude(msc(tair))\"}")
      }
      return Line(name: name, formula: formula, unit: try text("unit"), kind: try text("kind"))
    }
    guard let line else {
      throw FluxError(
        "driver \(position) is a \(table.typeName(at: position))", at: place,
        expected: "a table, such as {name = \"AMP_Tair\", formula = \"amplitude(msc(tair))\"}")
    }
    return line
  }

  private static func field<V: LuaReadable>(_ name: String, of table: LuaTableView, at place: String) throws -> V? {
    do throws(LuaMismatch) {
      return try table.field(name)
    } catch {
      throw FluxError("'\(name)' is \(error.came)", at: place, expected: error.expected, remedy: error.remedy)
    }
  }

  private static func required<V: LuaReadable>(_ name: String, of table: LuaTableView, at place: String) throws -> V {
    guard let value: V = try field(name, of: table, at: place) else {
      throw FluxError("'\(name)' is nil", at: place, expected: V.luaExpectation)
    }
    return value
  }
}
