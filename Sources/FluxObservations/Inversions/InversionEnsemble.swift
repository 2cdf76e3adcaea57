import FluxCore
import FluxData

/// An ensemble of atmospheric inversions: monthly land fluxes of several systems, and what is taken off them.
///
/// Nothing is read until ``regional(_:)`` asks.
///
/// An inconsistency to know of: the lateral flux that is taken off is carbon taken up on land and carried away by
/// rivers. The adjusted sink is weaker by it, but towers do see that uptake.
///
/// - Units: as the files have them, per area of the whole cell, positive to the atmosphere.
/// - Reference: SCIENCE §4.
public struct InversionEnsemble: Sendable {
  /// The inversions by name, in the order of the file.
  public var members: [String] { fields.map(\.name) }
  /// What is taken off each member, in the order given.
  public var adjustments: [String] { taken.map(\.field.name) }
  /// The grid of the first member.
  public var grid: Grid { fields[0].grid }

  let fields: [FluxField]
  let taken: [InversionAdjustment]

  /// - Throws: ``FluxError`` when there is no member, one without time, or two of one name.
  init(fields: [FluxField], taken: [InversionAdjustment] = [], at place: String = "inversions.open") throws {
    guard !fields.isEmpty else {
      throw FluxError("no inversion", at: place, expected: "at least one member")
    }
    if let twice = RegionSet.firstRepeated(fields.map(\.name)) {
      throw FluxError("two members are called '\(twice)'", at: place, expected: "a name of its own for each")
    }
    if let timeless = fields.first(where: { $0.time == nil || $0.time?.step == .year }) {
      throw FluxError("\(timeless.name) has no months", at: place, expected: "monthly fluxes (or finer)")
    }
    self.fields = fields
    self.taken = taken
  }

  /// These members alone, in the order given.
  public func only(_ names: [String]) throws -> InversionEnsemble {
    let picked = try names.map { name in
      guard let field = fields.first(where: { $0.name == name }) else {
        throw FluxError(
          "no member '\(name)'\(NearestName.hint(name, among: members))", at: "inversions:only",
          expected: "one of \(members.joined(separator: ", "))")
      }
      return field
    }
    return try InversionEnsemble(fields: picked, taken: taken, at: "inversions:only")
  }

  /// Takes a flux off every member: `adjusted = land − flux`.
  func subtracting(_ field: FluxField) throws -> InversionEnsemble {
    guard !adjustments.contains(field.name) else {
      throw FluxError("'\(field.name)' was already taken off", at: "inversions", expected: "each flux once")
    }
    return try InversionEnsemble(fields: fields, taken: taken + [InversionAdjustment(field: field)])
  }

  /// The months from the first to the last that any member covers.
  var months: [YearMonth] {
    let all = fields.flatMap { field in (field.time?.months() ?? []).map { YearMonth(year: $0.year, month: $0.month ?? 1) } }
    guard let first = all.min(), let last = all.max() else { return [] }
    return YearMonth.all(from: first, through: last)
  }
}
