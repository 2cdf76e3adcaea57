import FluxCore
import FluxData
import FluxDocument
import FluxObservations
import LuaRuntime

/// `inversions.open(…)`: ensembles of atmospheric inversions.
let inversionsModule = LuaModule(
  "inversions", "atmospheric inversions: monthly land fluxes of several systems", types: [InversionEnsemble.luaType],
  [
    .function(
      "open", "(files: string|table, {variable?: string}) -> Inversions",
      "a file of the Global Carbon Budget with all members, or one file a member: {CAMS = \"cams.nc\", CTE = \"cte.nc\"}",
      example: """
        land = inversions.open("example/inversions/inversions.nc")
        #land.members  --> 5
        fires = cube.open("example/fires/gfas.nc", "co2fire")
        adjusted = land - fires - cube.open("example/lateral/lateral.nc")
        #adjusted.adjustments  --> 2
        """
    ) { call in
      let variable = try call.options(2).value("variable") as String?
      if let path = call.argument(1, if: String.self) { return try InversionEnsemble.open(path, variable: variable) }
      let files = try call.argument(1, "files") as [String: String]
      return try InversionEnsemble.open(files.sorted { $0.key < $1.key }.map { (name: $0.key, path: $0.value) }, variable: variable)
    },
    .function(
      "zonal", "(files: table, {bands: number[], variable: string = \"SFCO2_LND\"}) -> Series",
      "inversions that come summed along latitude (PgC yr⁻¹ per degree, [time, lat]) as totals between successive latitudes, [member, band, month], PgC month⁻¹; the land flux of such files holds fires",
      example: """
        months = c:sel { year = 2001 }:monthly().time
        mine = cube.new {
          tensor.ones { 12, 18, 1 }, time = months, lat = grid.regular(10).lat, lon = { 0 },
          units = "PgC yr-1 degree-1",
        }
        two = inversions.zonal({ MINE = mine }, { bands = { -90, 0, 90 } })
        table.concat(two.regions, " "), two:annual().unit  --> 90S-0 0-90N  PgC yr-1
        """
    ) { call in
      let options = try call.options(2), variable = try options.value("variable", default: ZonalFluxes.variable)
      let files = try call.argument(1, "files") as [String: LuaReference]
      let cubes = try files.sorted { $0.key < $1.key }.map { name, value in
        if let cube = value.read(as: Cube.self) { return (name: name, cube: cube) }
        guard let path = value.read(as: String.self) else { throw call.mismatch(1, "files", expected: "a path or a Cube for each name") }
        return (name: name, cube: try Cube.open(path, variable: variable))
      }
      return try ZonalFluxes.bands(cubes, edges: options.required("bands"), at: call.place)
    },
    .function("new", "(cube: Cube, name?: string) -> Inversions", "an ensemble of a cube [member, time, lat, lon] of fluxes per area",
      example: """
        ensemble = inversions.new(cube.open("example/inversions/inversions.nc"), "five systems")
        #ensemble.members  --> 5
        """
    ) { call in
      try InversionEnsemble(call.argument(1, "cube"), name: call.argument(2, "name"))
    },
  ])

extension InversionEnsemble: LuaExposed {
  public static let luaType = LuaType<InversionEnsemble>(
    "Inversions", "an ensemble of inversions, and what is taken off their land flux; read when regional asks",
    members: [
      .property("members", "string[]", "names of the inversions",
        example: "inv.members[1]  --> CAMS"
      ) { $0.members },
      .property("adjustments", "string[]", "what is taken off each member") { $0.adjustments },
      .property("grid", "Grid", "the grid of the first member") { $0.grid },
      .method("map", "(regions: Regions) -> Cube", "the members' mean, month by month on the regions' grid, gC m-2 d-1 of land",
        example: "inv:map(r).units  --> gC m-2 d-1"
      ) { ensemble, call in
        try ensemble.meanMap(call.argument(1, "regions"))
      },
      .method("only", "(members: string|string[]) -> Inversions", "these members, in the order given",
        example: """
          #inv:only { "CAMS", "CTE" }.members  --> 2
          """
      ) { ensemble, call in
        try ensemble.only((call.argument(1, "members") as LuaOneOrMany<String>).values)
      },
      .method(
        "report", "(regions: Regions) -> Table", "what was taken off each member, globally, year by year and in the mean, and what falls to the regions and outside them, PgC yr⁻¹",
        example: """
          off = inv:report(r).scores.CAMS.mean
          math.abs(off.regions + off.elsewhere + off.remainder - off.adjusted) < 1e-6  --> true
          """
      ) { ensemble, call in
        try ensemble.report(call.argument(1, "regions"))
      },
      .operator(
        .subtract, "(left: Inversions, right: Cube) -> Inversions",
        "takes a flux off each member, at each cell: fires (positive) and lateral fluxes (negative on land); regridded conservatively"
      ) { call in try (call.argument(1, "left") as InversionEnsemble).subtracting(call.argument(2, "right") as Cube) },
      .method(
        "regional", "(regions: Regions, {quiet: boolean = false}) -> Series",
        "totals [member, region, month], PgC month⁻¹, coasts given to the nearest region; says what was taken off and what remains",
        example: """
          target = inv:regional(r, { quiet = true })
          table.concat(target.values.names, " "), target.unit  --> member region time  PgC month-1
          """
      ) { ensemble, call in
        let options = try call.options(2)
        let series = try ensemble.regional(call.argument(1, "regions"))
        if try !options.value("quiet", default: false) {
          StandardStream.output.write(series.notes.map { "inversions: \($0)\n" }.joined())
        }
        return series
      },
    ])

  public var luaDescription: String { description }
  public var luaTree: String { tree }
}
