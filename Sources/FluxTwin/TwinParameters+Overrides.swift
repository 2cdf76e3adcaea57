import FluxCore

/// The arguments `bias`, `towers` and `errors` of `twin.archive`: numbers by name, in a script's spelling.
extension TwinParameters {
  /// - Parameter overrides: `nocturnal`, `growth_outside_tropics`, … as ``Bias`` has them; `scale` multiplies the
  ///   three sizes (0 makes the null twin).
  /// - Throws: ``FluxError`` for an unknown name, with the nearest, and for a number out of range.
  public mutating func override(bias overrides: [String: Double]) throws {
    let fields: [(String, WritableKeyPath<Bias, Double>)] = [
      ("nocturnal", \.nocturnal), ("nocturnal_spread", \.nocturnalSpread), ("nocturnal_latitude", \.nocturnalLatitude),
      ("nocturnal_full_latitude", \.nocturnalFullLatitude), ("humid_from", \.humidFrom), ("humid_full", \.humidFull),
      ("growth_outside_tropics", \.growthOutsideTropics), ("growth_inside_tropics", \.growthInsideTropics),
      ("growth_shape", \.growthShape),
    ]
    for (name, value) in overrides.sorted(by: { $0.key < $1.key }) {
      try Self.check(value, name, "bias", atLeast: name == "growth_shape" ? 1 : 0)
      if name == "scale" {
        bias.nocturnal *= value
        bias.growthOutsideTropics *= value
        bias.growthInsideTropics *= value
      } else {
        bias[keyPath: try Self.field(name, in: fields, "bias")] = value
      }
    }
    guard bias.nocturnalFullLatitude < bias.nocturnalLatitude, bias.humidFrom < bias.humidFull, bias.nocturnal <= 1 else {
      throw FluxError(
        "bias has nocturnal \(bias.nocturnal), full inside \(bias.nocturnalFullLatitude) and none outside \(bias.nocturnalLatitude) degrees, from \(bias.humidFrom) to \(bias.humidFull)",
        at: "twin.archive", expected: "a share of at most 1, the full latitude below the last, humid_from below humid_full")
    }
  }

  /// - Parameter overrides: a region's code sets its number of towers, other names a number of ``Network``.
  /// - Throws: as ``override(bias:)``.
  public mutating func override(towers overrides: [String: Double]) throws {
    let fields: [(String, WritableKeyPath<Network, Double>)] = [
      ("kept_tropics", \.keptTropics), ("kept_elsewhere", \.keptElsewhere), ("kept_memory", \.keptMemory),
      ("tropical_sample_limit", \.tropicalSampleLimit), ("productivity_pull", \.productivityPull), ("noise_floor", \.noiseFloor),
      ("noise_per_flux", \.noisePerFlux), ("site_offset", \.siteOffset), ("leaf_spread", \.leafSpread),
    ]
    for (name, value) in overrides.sorted(by: { $0.key < $1.key }) {
      try Self.check(value, name, "towers", atLeast: 0)
      if towers.counts[name] != nil {
        guard value == value.rounded(), value <= 1000 else {
          throw FluxError("towers.\(name) is \(value)", at: "twin.archive", expected: "a whole number of towers, at most 1000")
        }
        towers.counts[name] = Int(value)
      } else if let share = ["kept_tropics", "kept_elsewhere", "kept_memory", "tropical_sample_limit"].first(where: { $0 == name }), value > 1 {
        throw FluxError("towers.\(share) is \(value)", at: "twin.archive", expected: "a share, 0 to 1")
      } else {
        towers[keyPath: try Self.field(name, in: fields, "towers", others: towers.counts.keys.sorted())] = value
      }
    }
    guard towers.counts.values.reduce(0, +) > 0 else {
      throw FluxError("no tower at all", at: "twin.archive", expected: "at least one region with towers")
    }
  }

  /// - Parameter overrides: a region's code sets its σ in PgC yr⁻¹, other names a number of ``Errors``; `scale`
  ///   multiplies all regions (0 makes perfect inversions).
  /// - Throws: as ``override(bias:)``.
  public mutating func override(errors overrides: [String: Double]) throws {
    let fields: [(String, WritableKeyPath<Errors, Double>)] = [
      ("common", \.common), ("own", \.own), ("monthly", \.monthly), ("dipole", \.dipole),
    ]
    for (name, value) in overrides.sorted(by: { $0.key < $1.key }) {
      try Self.check(value, name, "errors", atLeast: 0)
      if name == "scale" {
        errors.regional = errors.regional.mapValues { $0 * value }
      } else if errors.regional[name] != nil {
        errors.regional[name] = value
      } else {
        errors[keyPath: try Self.field(name, in: fields, "errors", others: errors.regional.keys.sorted())] = value
      }
    }
  }

  private static func field<Group>(
    _ name: String, in fields: [(String, WritableKeyPath<Group, Double>)], _ group: String, others: [String] = []
  ) throws -> WritableKeyPath<Group, Double> {
    if let field = fields.first(where: { $0.0 == name }) { return field.1 }
    let known = fields.map(\.0) + others
    throw FluxError(
      "unknown option '\(name)' of \(group)\(NearestName.hint(name, among: known))", at: "twin.archive",
      remedy: "Valid: \((fields.map(\.0) + (others.isEmpty ? [] : ["a region's code"]) + (group == "towers" ? [] : ["scale"])).joined(separator: ", ")).")
  }

  private static func check(_ value: Double, _ name: String, _ group: String, atLeast least: Double) throws {
    guard value.isFinite, value >= least else {
      throw FluxError("\(group).\(name) is \(value)", at: "twin.archive", expected: "a number of at least \(least)")
    }
  }
}
