import FluxCore
import FluxDocument
import LuaRuntime

extension Table: LuaExposed {
  public static let luaType = LuaType<Table>("Table", "rows and columns that print aligned", members: [
    .property("title", "string", "what it shows, with unit and reference") { $0.title },
    .property("columns", "string[]", "the heads of the columns") { $0.columns },
    .property("scores", "table", "the numbers unrounded: by run, then region or class, then measure",
      example: """
        monthly = truth.nee:monthly()
        scores = metrics.pixels { runs = { c = c:monthly() }, reference = monthly, regions = r }.scores
        scores.c.tropics.rmse > 0  --> true
        """
    ) { t in
      Dictionary(uniqueKeysWithValues: t.scores.map { run, places in (run, places) })
    },
    .method("markdown", "() -> string", "as Markdown",
      example: """
        b:report():markdown():match("| region |")  --> | region |
        """
    ) { t, _ in t.markdown },
    .method("latex", "(path?: string) -> string", "as a LaTeX table, also written to a file",
      example: """
        b:report():latex("bridge.tex"):match("^.begin{%a+}")  --> \\begin{table}
        """
    ) { t, call in
      if let path = call.argument(1, if: String.self) { try TextFile.write(t.latex, to: path) }
      return t.latex
    },
    .method("csv", "(path?: string) -> string", "as comma-separated values, also written to a file",
      example: """
        b:report():csv("bridge.csv"):match("^[^,]+")  --> region
        """
    ) { t, call in
      if let path = call.argument(1, if: String.self) { try TextFile.write(t.csv, to: path) }
      return t.csv
    },
  ])
  public var luaDescription: String { description }
}
