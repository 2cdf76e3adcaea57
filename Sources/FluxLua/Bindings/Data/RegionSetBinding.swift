import FluxCore
import FluxData
import FluxTensor
import LuaRuntime

/// `regions.reccap2()`: named regions of the land.
let regionsModule = LuaModule(
  "regions", "named regions of the land, with the land fraction of each cell", types: [RegionSet.luaType],
  [
    .function(
      "reccap2", "(grid?: Grid|number) -> Regions",
      "the 18 RECCAP2 regions, without inland waters, Greenland and Antarctica; on 0.5° or the grid (or step in degrees) given",
      example: """
        land = regions.reccap2(0.5)
        #land, land.codes[5]  --> 18  BRA
        """
    ) { call in try RegionSet.reccap2(on: gridOrStep(call, 1)) },
    .function(
      "open", "(path: string, variable?: string) -> Regions",
      "a mask of your own: whole numbers (0 is none, flag_meanings name them) or fractions by region",
      example: """
        r:mask():save("mask.nc")
        regions.open("mask.nc").codes[5]  --> BRA
        """
    ) { call in try RegionSet.open(call.argument(1, "path"), variable: call.argument(2, "variable")) },
    .function(
      "bands", "(latitudes: number[], grid?: Grid|number) -> Regions",
      "the land between successive latitudes, cells cut by area: {-90, -30, 0, 30, 90}",
      example: "regions.bands({ -90, -30, 0, 30, 90 }, d.grid).codes[1]  --> 90S-30S"
    ) { call in
      try RegionSet.bands(call.argument(1, "latitudes"), on: gridOrStep(call, 2) ?? RegionSet.reccap2().grid)
    },
  ])

/// A grid, or a step in degrees.
private func gridOrStep(_ call: LuaCall, _ position: Int) throws -> Grid? {
  guard call.has(position) else { return nil }
  if let step = call.argument(position, if: Double.self) { return try Grid.regular(step: step) }
  return try call.argument(position, "grid") as Grid
}

extension RegionSet: LuaExposed {
  public static let luaType = LuaType<RegionSet>(
    "Regions", "named regions of the land on one grid",
    members: [
      .property("codes", "string[]", "short names: USA, CAN, …",
        example: """
          table.concat(r.codes, " ", 1, 5)  --> USA CAN CAM NSA BRA
          """
      ) { $0.codes },
      .property("names", "string[]", "full names") { $0.names },
      .property("area", "Tensor", "land area [region], m²",
        example: """
          string.format("%.1f million km²", r:only { "BRA" }.area[1] / 1e12)  --> 8.5 million km²
          """
      ) { try Tensor($0.area, names: ["region"]) },
      .property("grid", "Grid", "where the cells lie") { $0.grid },
      .property("hash", "string", "fingerprint of codes, grid and fractions; a saved bridge holds it") { $0.maskHash },
      .operator(.length, "(regions: Regions) -> integer", "how many regions") { call in (try call.argument(1, "regions") as RegionSet).count },
      .method("only", "(codes: string|string[]) -> Regions", "these regions, in the order given",
        example: """
          table.concat(r:only { "EU", "BRA" }.codes, " ")  --> EU BRA
          """
      ) { regions, call in
        try regions.only((call.argument(1, "codes") as LuaOneOrMany<String>).values)
      },
      .method("except", "(codes: string|string[]) -> Regions", "all regions but these",
        example: """
          #r:except "OCE"  --> 17
          """
      ) { regions, call in
        try regions.except((call.argument(1, "codes") as LuaOneOrMany<String>).values)
      },
      .method(
        "groups", "(groups: table) -> Regions",
        "unions by name, in the order of their names: {tropics = {\"BRA\", \"EQAF\"}, extratropics = {…}}",
        example: """
          g = r:groups { tropics = { "NSA", "BRA", "EQAF", "SEAS" }, north = { "CAN", "EU", "RUS" } }
          table.concat(g.codes, " ")  --> north tropics
          """
      ) { regions, call in
        let groups = try call.argument(1, "groups") as [String: [String]]
        return try regions.groups(groups.sorted { $0.key < $1.key }.map { (name: $0.key, members: $0.value) })
      },
      .method("on", "(grid: Grid|number) -> Regions", "the same regions on another grid, areas conserved",
        example: "r:on(2).grid.rows  --> 90"
      ) { regions, call in
        guard let target = try gridOrStep(call, 1) else { throw call.mismatch(1, "grid", expected: "a Grid or a step in degrees") }
        return try regions.regridded(to: target)
      },
      .method("mask", "() -> Cube", "land fractions as a cube [region, lat, lon], which regions.open reads once it is saved",
        example: """
          r:mask():save("mask.nc")
          """
      ) { regions, _ in
        try regions.mask()
      },
      .method("fraction", "(code: string) -> Tensor", "land fraction of each cell [lat, lon], 0…1",
        example: """
          r:fraction("BRA"):max():item() <= 1  --> true
          """
      ) { regions, call in
        try Tensor(
          regions.fraction(of: call.argument(1, "code") as String), shape: Shape([regions.grid.rows, regions.grid.columns]),
          names: ["lat", "lon"])
      },
    ])

  public var luaDescription: String { description }
  public var luaTree: String { tree }
  public var nativeByteCount: Int { landPixels.count * 28 }
}
