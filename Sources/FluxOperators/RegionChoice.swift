import FluxCore

/// The places of chosen regions among a bridge's own.
enum RegionChoice {
  /// - Throws: ``FluxError`` for a region that the bridge does not have, with the nearest code.
  static func places(of codes: [String], among regions: [String]) throws -> [Int] {
    try codes.map { code in
      if let place = regions.firstIndex(of: code) { return place }
      throw FluxError("no region '\(code)'\(NearestName.hint(code, among: regions))", at: "bridge:only",
        expected: "one of \(regions.joined(separator: ", "))")
    }
  }
}
