import FluxCore
import FluxDocument
import LuaRuntime

extension Console {
  /// The user's own globals: neither Lua's, nor the library's, nor `_1 …`.
  private var variables: [(name: String, value: LuaValue)] {
    session.scriptGlobals.filter { name, value in
      if name.hasPrefix("_") || name == "arg" { return false }
      guard let standard = baseline.globals[name] else { return true }
      return session.identity(of: standard) != session.identity(of: value)
    }
  }

  /// `:who`; a notebook shows it as HTML.
  func who() throws {
    let variables = variables
    guard !variables.isEmpty else { return print("no variables yet") }
    var table = Table(
      title: "\(variables.count) variable\(variables.count == 1 ? "" : "s")",
      columns: ["name", "type", "shape", "dtype", "unit", "bytes"])
    for (name, value) in variables {
      let type = session.type(of: value)
      func property(_ names: String...) -> String {
        guard let name = names.first(where: { name in type?.declarations.contains { $0.name == name } ?? false }) else { return "" }
        let read = try? session.run("local object, name = ... return object[name]", with: [value, name], name: "=[fluxbridge]").first
        return read.map { value in value.string ?? (value.isNil ? "" : shapeText(value)) } ?? ""
      }
      let bytes = session.nativeBytes(of: value)
      table.rows.append([
        .text(name), .text(typeText(value)), .text(property("shape")), .text(property("dtype")), .text(property("units", "unit")),
        .text(bytes > 0 ? Measures.bytes(bytes) : value.string.map { Measures.bytes($0.utf8.count) } ?? ""),
      ])
      if hides(name) { table.notes.append("\(name) hides the library's; :restore \(name) brings it back") }
    }
    try session.present(table.description) { table.richForms() }
  }

  private func typeText(_ value: LuaValue) -> String {
    switch value {
    case .nil: "nil"
    case .boolean: "boolean"
    case .integer: "integer"
    case .number: "number"
    case .string: "string"
    case .object(let reference): reference.typeName
    }
  }

  private func shapeText(_ value: LuaValue) -> String {
    guard let sizes = value.read(in: session, as: [Int].self) else { return session.text(value) }
    return sizes.isEmpty ? "scalar" : sizes.map(String.init).joined(separator: " × ")
  }

  /// Whether a global hides one of the library's or of Lua's.
  func hides(_ name: String) -> Bool {
    let value = session.scriptGlobals.first { $0.name == name }?.value ?? .nil
    if let standard = baseline.globals[name] { return session.identity(of: standard) != session.identity(of: value) }
    return !value.isNil && session.isInLibrary(name)
  }

  /// The names that `:restore` can bring back.
  package var hiddenNames: [String] { (session.libraryNames + baseline.globals.keys).filter(hides).sorted() }

  /// `:restore name`, or all names.
  ///
  /// - Throws: ``FluxError`` when nothing hides a global of this name.
  func restore(_ name: String) throws {
    let names = name.isEmpty ? hiddenNames : [name]
    guard !names.isEmpty else { return print("nothing is hidden") }
    for name in names {
      guard baseline.globals[name] != nil || session.isInLibrary(name) else {
        throw FluxError(
          "'\(name)' is no global of the library\(NearestName.hint(name, among: session.libraryNames))", at: ":restore",
          remedy: ":who lists your variables.")
      }
      session.set(name, baseline.globals[name] ?? .nil)
      session.forgetWarning(name)
    }
    print("restored \(names.joined(separator: ", "))")
  }
}
