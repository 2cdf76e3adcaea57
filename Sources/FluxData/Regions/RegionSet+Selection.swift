import FluxCore

extension RegionSet {
  /// These regions alone, in the order given.
  ///
  /// - Throws: ``FluxError`` for a name that is no region, or given twice, or for none at all.
  public func only(_ names: [String]) throws -> RegionSet {
    guard !names.isEmpty else {
      throw FluxError("no region", at: "regions:only", expected: "at least one of \(codes.joined(separator: ", "))")
    }
    return try selecting(names.map { try index(of: $0, at: "regions:only") }, at: "regions:only")
  }

  /// All regions but these.
  public func except(_ names: [String]) throws -> RegionSet {
    let left = Set(try names.map { try index(of: $0, at: "regions:except") })
    return try selecting((0..<count).filter { !left.contains($0) }, at: "regions:except")
  }

  /// New regions that unite old ones; a cell's fraction is the sum of its parts.
  ///
  /// - Parameter groups: name and members; a region may stand in several groups (a globe beside its
  ///   parts), or in none.
  public func groups(_ groups: [(name: String, members: [String])]) throws -> RegionSet {
    var used: Set<Int> = []
    let fractions = try groups.map { group in
      guard !group.members.isEmpty else {
        throw FluxError("the group '\(group.name)' has no members", at: "regions:groups", expected: "at least one region")
      }
      let regions = Set(try group.members.map { try index(of: $0, at: "regions:groups") })
      used.formUnion(regions)
      return union(regions.sorted())
    }
    return try RegionSet(
      codes: groups.map(\.name), names: groups.map(\.name), grid: grid, fractions: fractions,
      elsewhere: union((0...count).filter { !used.contains($0) }), at: "regions:groups")
  }

  private func selecting(_ regions: [Int], at place: String) throws -> RegionSet {
    try RegionSet(
      codes: regions.map { codes[$0] }, names: regions.map { names[$0] }, grid: grid, fractions: regions.map { union([$0]) },
      elsewhere: union((0...count).filter { !regions.contains($0) }), at: place)
  }

  /// The cells of several regions; region `count` is the land elsewhere.
  private func union(_ regions: [Int]) -> [(cell: Int, fraction: Float)] {
    if regions.count == 1 { return pairs(of: regions[0]) }
    var total: [Int: Float] = [:]
    for region in regions {
      for (cell, fraction) in pairs(of: region) { total[cell, default: 0] += fraction }
    }
    return total.map { (cell: $0.key, fraction: min(1, $0.value)) }
  }

  private func pairs(of region: Int) -> [(cell: Int, fraction: Float)] {
    let entries = entries(of: region)
    return zip(entries.cells, entries.fractions).map { (cell: $0, fraction: $1) }
  }
}
