internal import CRegionMask
import FluxCore
import Synchronization

extension RegionSet {
  /// The 18 land regions of RECCAP2, `USA` … `OCE`, by country (SCIENCE §11).
  ///
  /// Made by `Scripts/make_regions` at 0.5° from the polygons of the Digital Chart of the World,
  /// without inland waters; Greenland and Antarctica belong to no region. Embedded in the program, so
  /// that no file is needed. Other grids get the fractions by overlap.
  ///
  /// - Parameter grid: 0.5° over the whole globe when nil.
  public static func reccap2(on grid: Grid? = nil) throws -> RegionSet {
    let half = try embedded.withLock { kept in
      if let kept { return kept }
      let made = try readEmbedded()
      kept = made
      return made
    }
    return try grid.map { try half.regridded(to: $0) } ?? half
  }

  /// Read once, on first use.
  private static let embedded = Mutex<RegionSet?>(nil)

  private static func readEmbedded() throws -> RegionSet {
    let place = "the embedded region mask"
    let bytes = UnsafeRawBufferPointer(start: region_mask_bytes(), count: region_mask_size())
    let file = try NetCDFReader(memory: bytes, name: place)
    let codes = try file.strings("code"), names = try file.strings("name")
    let cells = try file.integers("entry"), regions = try file.integers("entry_region")
    let fractions = try file.floats("land_fraction")
    guard cells.count == regions.count, cells.count == fractions.count, regions.allSatisfy(codes.indices.contains) else {
      throw FluxError("lists of different length", at: place, expected: "one region and fraction for each entry")
    }
    var lists = [[(cell: Int, fraction: Float)]](repeating: [], count: codes.count)
    for i in cells.indices { lists[regions[i]].append((cells[i], fractions[i])) }
    return try RegionSet(codes: codes, names: names, grid: .regular(step: 0.5), fractions: lists, at: place)
  }
}
