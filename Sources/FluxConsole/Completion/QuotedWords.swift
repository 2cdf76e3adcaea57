import FluxCore
import FluxData
import LuaRuntime

/// What may stand inside quotes at a place of a call: region codes, variables of
/// the file that is named before, dimensions, units, the words of an option.
struct QuotedWords {
  let session: LuaSession

  private static let units = [
    "gC m-2 d-1", "gC m-2 yr-1", "kgC m-2 yr-1", "PgC month-1", "PgC yr-1", "TgC yr-1", "kg CO2 m-2 s-1", "µmol m-2 s-1", "degC", "K",
    "mm d-1", "W m-2",
  ]
  private static let landRegions: [String] = (try? RegionSet.reccap2())?.codes ?? []

  /// Empty where file names are the best offer.
  func candidates(at position: CallPosition) -> [String] {
    let parameter = position.parameter, name = parameter.name
    switch name {
    case "variable": return variables(position)
    case "dim", "dims": return dimensions(position.receiver)
    case "member", "members": return list("members", of: position.receiver)
    case "unit", "units", "range_unit": return Self.units
    case _ where name == "codes" || name.hasPrefix("region"):
      let own = list("codes", of: position.receiver) + list("regions", of: position.receiver)
      return own.isEmpty ? Self.landRegions : own
    default: break
    }
    if ["only", "except"].contains(position.declaration.name) { return Self.landRegions }
    return words(parameter, position.declaration)
  }

  /// The variables of the file whose name is the call's first argument.
  private func variables(_ position: CallPosition) -> [String] {
    guard let literal = position.firstString, let path = try? session.run("return " + literal.text, name: "=").first?.string else { return [] }
    let all = (try? Cube.list(path)) ?? []
    let coordinates = Set(all.flatMap { $0.dimensions.map(\.name) })
    let fields = all.filter { !$0.dimensions.isEmpty && !coordinates.contains($0.name) && !$0.name.hasSuffix("_bnds") }
    return (fields.isEmpty ? all : fields).map(\.name)
  }

  private func dimensions(_ object: LuaValue) -> [String] {
    let own = list("dims", of: object) + list("names", of: object)
    return own.isEmpty ? ["time", "lat", "lon"] : own
  }

  /// A property of an object of ours that is a list of strings; reading it runs no script.
  private func list(_ property: String, of object: LuaValue) -> [String] {
    guard let type = session.type(of: object), type.declarations.contains(where: { $0.name == property && $0.kind == .property(settable: false) })
    else { return [] }
    let value = try? session.run("local object, name = ... return object[name]", with: [object, property], name: "=").first
    return value?.read(in: session, as: [String].self) ?? []
  }

  /// The words that the type, the default or the summary names in quotes.
  private func words(_ parameter: LuaSignature.Parameter, _ declaration: LuaDeclaration) -> [String] {
    let typed = Self.quoted(parameter.type)
    guard typed.isEmpty else { return typed }
    let usual = parameter.defaultText.map(Self.quoted)?.first
    let mentioned = Self.quoted(declaration.summary)
    if !mentioned.isEmpty, usual.map(mentioned.contains) ?? (parameter.type == "string") { return mentioned }
    guard let usual else { return [] }
    // `on another grid: conservative, bilinear or nearest`
    for part in declaration.summary.split(whereSeparator: { ":;".contains($0) }) {
      let list = part.split(whereSeparator: { ", ".contains($0) }).map(String.init).filter { $0 != "or" }
      if list.contains(usual), list.count < 8 { return list }
    }
    return [usual]
  }

  static func quoted(_ text: String) -> [String] {
    let parts = text.split(separator: "\"", omittingEmptySubsequences: false).map(String.init)
    return parts.indices.filter { $0 % 2 == 1 && $0 < parts.count - 1 }.map { parts[$0] }
  }
}
