extension RegionSet {
  /// A fingerprint of the mask, 16 hexadecimal digits: equal for equal codes, grid and fractions, on every
  /// machine. A saved bridge holds it and refuses another mask (SCIENCE §6).
  ///
  /// FNV-1a with 64 bits over the codes, the cell centres to 1e-6 degrees and the fractions to 1e-6: rounding
  /// swallows the last digits, in which machines differ.
  public var maskHash: String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    func add(_ value: Int) { for shift in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: value >> shift)) } }
    func add(_ value: Double) { add(Int((value * 1e6).rounded())) }
    add(grid.rows)
    add(grid.columns)
    for latitude in grid.latitudes { add(latitude) }
    for longitude in grid.longitudes { add(longitude) }
    for region in 0..<count {
      for byte in codes[region].utf8 { add(byte) }
      let entries = entries(of: region)
      add(entries.count)
      for (cell, fraction) in zip(entries.cells, entries.fractions) {
        add(cell)
        add(Double(fraction))
      }
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
