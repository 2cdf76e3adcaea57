import FluxCore
import FluxData
import FluxTensor
import LuaRuntime

/// `grid.regular(step)`: where cubes, regions and drivers lie.
let gridModule = LuaModule(
  "grid", "grids of latitude and longitude", types: [Grid.luaType],
  [
    .function("regular", "(step: number) -> Grid", "global grid of square cells, `step` degrees wide: 0.5, 1, 2",
      example: """
        half = grid.regular(0.5)
        half.rows, half.columns  --> 360  720
        """
    ) { call in
      try Grid.regular(step: call.argument(1, "step"))
    }
  ])

extension Grid: LuaExposed {
  public static let luaType = LuaType<Grid>(
    "Grid", "cells of latitude and longitude, south to north and west to east",
    members: [
      .property("rows", "integer", "rows of latitude") { $0.rows },
      .property("columns", "integer", "columns of longitude") { $0.columns },
      .property("lat", "Tensor", "cell centres [lat], degrees north, ascending") { try Tensor($0.latitudes, names: ["lat"]) },
      .property("lon", "Tensor", "cell centres [lon], degrees east in [-180, 180), ascending") { try Tensor($0.longitudes, names: ["lon"]) },
      .property("area", "Tensor", "cell areas [lat, lon], m²",
        example: """
          string.format("%.0f million km²", grid.regular(10).area:sum():item() / 1e12)  --> 510 million km²
          """
      ) { grid in
        try Tensor(grid.cellAreas(), shape: Shape([grid.rows, grid.columns]), names: ["lat", "lon"])
      },
      .method("matches", "(other: Grid) -> boolean", "whether both have the same cells, to a thousandth of a cell",
        example: """
          d.grid:matches(grid.regular(6))  --> true
          d.grid:matches(grid.regular(1))  --> false
          """
      ) { grid, call in
        try grid.matches(call.argument(1, "other"))
      },
    ])

  public var luaDescription: String {
    func span(_ centres: [Double]) -> String { "\(centres.first ?? 0) … \(centres.last ?? 0)" }
    return "Grid [lat \(rows), lon \(columns)], \(span(latitudes))°N, \(span(longitudes))°E"
  }
}
