import FluxCore
import FluxData
import FluxDrivers

/// A regional bridge on disk: one netCDF file with what is needed to use it, and to judge it.
///
/// Pixels lie one region after the other. It holds no time, no host and no thread count: equal bridges are equal files.
public enum BridgeFile {
  private static let title = "Fluxbridge regional bridge"
  private static let weightUnit = "PgC d-1 per (gC m-2 d-1)"
  private static let expected = "a bridge saved by b:save(path)"

  /// Numbers of each region, by their names in the file.
  private static let figures: [(name: String, meaning: String, unit: String, value: @Sendable (SparseRegion) -> Double)] = [
    ("area", "land area", "m2", { $0.area }),
    ("intercept", "b of the sparse linear model", "PgC d-1", { $0.intercept }),
    ("region_pixels", "pixels of the region with a whole reference series", "1", { Double($0.quality.regionPixels) }),
    ("clusters", "strata of alike pixels", "1", { Double($0.quality.strata) }),
    ("candidates", "pixels drawn for the Lasso", "1", { Double($0.quality.candidates) }),
    ("landmarks", "pixels compared with each other", "1", { Double($0.quality.landmarks) }),
    ("agreement", "share of the landmarks that come back to their cluster", "1", { $0.quality.agreement }),
    ("alpha", "penalty of the Lasso, Eq. 2's convention", "1", { $0.quality.alpha }),
    ("duality_gap", "relative to the variance of the target", "1", { $0.quality.gap }),
    ("gain", "sum of the weights over the land area", "1", { $0.quality.gain }),
    ("r2", "of the series", "1", { $0.quality.r2 }),
    ("r2_anomalies", "of monthly anomalies", "1", { $0.quality.r2Anomalies }),
    ("r2_annual", "of annual means", "1", { $0.quality.r2Annual }),
    ("r2_cv", "of blocks of years that the weights have not seen", "1", { $0.quality.r2CrossValidated }),
  ]

  /// Writes the bridge, all or nothing.
  ///
  /// - Throws: ``FluxError`` when the file cannot be written.
  public static func save(_ bridge: RegionalBridge, to path: String) throws {
    let grid = bridge.drivers.grid, models = bridge.models, types = bridge.types
    var attributes: NetCDFAttributes = ["title": .text(title), "mask_hash": .text(bridge.maskHash)]
    for (name, value) in bridge.provenance { attributes[name] = .text(value) }
    let writer = try NetCDFWriter(path: path, attributes: attributes)
    try writer.define(dimension: "region", length: models.count)
    try writer.define(dimension: "pixel", length: models.reduce(0) { $0 + $1.pixels.count })
    try writer.define(dimension: "grid_lat", length: grid.rows)
    try writer.define(dimension: "grid_lon", length: grid.columns)
    if !types.isEmpty { try writer.define(dimension: "type", length: types.count) }
    try writer.define(variable: "region_code", type: .string, dimensions: ["region"])
    for name in ["grid_lat", "grid_lon"] {
      try writer.define(variable: name, type: .double, dimensions: [name],
        attributes: ["long_name": "cell centres of the grid", "units": .text(name == "grid_lat" ? "degrees_north" : "degrees_east")])
    }
    for f in figures {
      try writer.define(variable: f.name, type: .double, dimensions: ["region"], attributes: ["long_name": .text(f.meaning), "units": .text(f.unit)])
    }
    try writer.define(variable: "region", type: .int, dimensions: ["pixel"], attributes: ["long_name": "place of the pixel's region in region_code, from 0"])
    try writer.define(variable: "cell", type: .int, dimensions: ["pixel"], attributes: ["long_name": "grid cell, row by row from the south-west, from 0"])
    try writer.define(variable: "lat", type: .double, dimensions: ["pixel"], attributes: ["units": "degrees_north"])
    try writer.define(variable: "lon", type: .double, dimensions: ["pixel"], attributes: ["units": "degrees_east"])
    try writer.define(variable: "weight", type: .double, dimensions: ["pixel"], attributes: ["long_name": "Theta", "units": .text(weightUnit)])
    if !types.isEmpty {
      try writer.define(variable: "type_name", type: .string, dimensions: ["type"])
      try writer.define(variable: "pixel_types", type: .double, dimensions: ["region", "type"], attributes: ["long_name": "mean cover of the contributing pixels"])
      try writer.define(variable: "region_types", type: .double, dimensions: ["region", "type"], attributes: ["long_name": "mean cover of the region"])
    }
    try writer.write(bridge.regions, to: "region_code")
    try writer.write(grid.latitudes, to: "grid_lat")
    try writer.write(grid.longitudes, to: "grid_lon")
    for f in figures { try writer.write(models.map(f.value), to: f.name) }
    let cells = models.flatMap(\.cells)
    try writer.write(models.indices.flatMap { r in models[r].cells.map { _ in Double(r) } }, to: "region")
    try writer.write(cells.map(Double.init), to: "cell")
    try writer.write(cells.map { grid.latitudes[grid.row(ofCell: $0)] }, to: "lat")
    try writer.write(cells.map { grid.longitudes[grid.column(ofCell: $0)] }, to: "lon")
    try writer.write(models.flatMap(\.theta), to: "weight")
    if !types.isEmpty {
      try writer.write(types, to: "type_name")
      try writer.write(models.flatMap(\.quality.types), to: "pixel_types")
      try writer.write(models.flatMap(\.quality.regionTypes), to: "region_types")
    }
    try writer.commit()
  }

  /// Reads what ``save(_:to:)`` wrote, for drivers and regions that must be those that it was made for.
  ///
  /// - Throws: ``FluxError`` for another kind of file, another mask, grid or unit, a pixel without drivers, or sizes that do not fit.
  public static func load(_ path: String, regions: RegionSet, drivers: DriverStore) throws -> RegionalBridge {
    let file = try NetCDFReader(path: path)
    let needed = ["region_code", "grid_lat", "grid_lon", "region", "cell", "weight"] + figures.map(\.name)
    let missing = needed.first { !file.contains($0) }
    guard file.attributes.text("title") == title, missing == nil else {
      throw FluxError("the file is titled '\(file.attributes.text("title") ?? "")'\(missing.map { " and has no '\($0)'" } ?? "")", at: path, expected: expected)
    }
    let unit = try file.variable("weight").attributes.text("units") ?? "none", intercepts = try file.variable("intercept").attributes.text("units") ?? "none"
    guard unit == weightUnit, intercepts == "PgC d-1" else {
      throw FluxError("weights in \(unit), intercepts in \(intercepts)", at: path, expected: "\(weightUnit) and PgC d-1", remedy: "Build the bridge anew.")
    }
    guard try file.doubles("grid_lat") == drivers.grid.latitudes, try file.doubles("grid_lon") == drivers.grid.longitudes else {
      throw FluxError("the bridge was made on another grid than the drivers'", at: path, expected: "\(drivers.grid.rows) × \(drivers.grid.columns) cells",
        remedy: "Open the drivers that it was made for, or build it anew.")
    }
    let mask = file.attributes.text("mask_hash") ?? "none"
    guard mask == regions.maskHash else {
      throw FluxError("the bridge was made for the mask \(mask), the regions have \(regions.maskHash)", at: path, expected: "one mask",
        remedy: "Take the regions that it was made for, all of them and in their order; narrow the bridge with b:only{…}.")
    }
    let codes = try file.strings("region_code"), owner = try file.integers("region"), cells = try file.integers("cell"), theta = try file.doubles("weight")
    let values = try Dictionary(uniqueKeysWithValues: figures.map { ($0.name, try file.doubles($0.name)) })
    guard owner.count == cells.count, theta.count == cells.count, values.values.allSatisfy({ $0.count == codes.count }), theta.allSatisfy(\.isFinite),
      owner.allSatisfy(codes.indices.contains), values["intercept"]?.allSatisfy(\.isFinite) == true, Set(codes).isSubset(of: Set(regions.codes))
    else { throw FluxError("\(codes.count) regions, \(cells.count) pixels and \(theta.count) weights do not fit together", at: path, expected: expected) }
    let types = file.contains("type_name") ? try file.strings("type_name") : []
    let own = types.isEmpty ? [] : try file.doubles("pixel_types"), whole = types.isEmpty ? [] : try file.doubles("region_types")
    guard own.count == codes.count * types.count, whole.count == own.count else {
      throw FluxError("\(own.count) shares of \(types.count) types", at: path, expected: expected)
    }
    let pixels = try cells.map { cell in
      guard let pixel = drivers.pixel(ofCell: cell) else {
        throw FluxError("the drivers have no land in cell \(cell) of the bridge", at: path, expected: "drivers at each of its pixels")
      }
      return pixel
    }
    let models = codes.indices.map { r in
      func figure(_ name: String) -> Double { values[name]?[r] ?? .nan }
      func count(_ name: String) -> Int { Int(exactly: figure(name)) ?? 0 }
      let mine = owner.indices.filter { owner[$0] == r }
      var quality = SparseRegion.Quality(regionPixels: count("region_pixels"), strata: count("clusters"), candidates: count("candidates"))
      (quality.landmarks, quality.agreement) = (count("landmarks"), figure("agreement"))
      (quality.alpha, quality.gap, quality.gain, quality.r2) = (figure("alpha"), figure("duality_gap"), figure("gain"), figure("r2"))
      (quality.r2Anomalies, quality.r2Annual, quality.r2CrossValidated) = (figure("r2_anomalies"), figure("r2_annual"), figure("r2_cv"))
      quality.types = Array(own[(r * types.count)..<((r + 1) * types.count)])
      quality.regionTypes = Array(whole[(r * types.count)..<((r + 1) * types.count)])
      return SparseRegion(code: codes[r], area: figure("area"), cells: mine.map { cells[$0] }, pixels: mine.map { pixels[$0] },
        theta: mine.map { theta[$0] }, intercept: figure("intercept"), quality: quality)
    }
    let provenance = file.attributes.compactMap { name, value in
      ["title", "mask_hash", "Conventions", "_NCProperties"].contains(name) ? nil : value.text.map { (name: name, value: $0) }
    }
    return RegionalBridge(models: models, drivers: drivers, maskHash: mask, mask: regions, provenance: provenance, types: types, source: nil)
  }
}
