import FluxCore
import FluxData
import FluxFigures
import FluxTensor
import LuaRuntime

extension Tensor {
  static let tensorFiles: [LuaMember<Tensor>] = [
    .method("save", "(path: string)", "writes NumPy's .npy format, whole or not at all; names of dimensions are not kept", example: """
      tensor{{1, 2}, {3, 4}}:save("a.npy")
      tensor.load("a.npy")  --> Tensor [2, 2] float32: 1 2 3 4
      """) { t, call in try t.save(call.argument(1, "path")) }
  ]

  /// Functions of the module that read files.
  static let fileFunctions: [LuaModule.Member] = [
    .function("load", "(path: string) -> Tensor", "reads NumPy's .npy format: floating-point numbers, integers (int64) and truth values (0 and 1)",
      example: """
        tensor{1, 2}:save("a.npy")
        tensor.load("a.npy")  --> Tensor [2] float32: 1 2
        """
    ) { call in
      try Tensor.load(call.argument(1, "path"))
    },
    .function("raw", "(path: string, shape: integer|integer[], {type: string = \"f4\", map: boolean = false}) -> Tensor",
      "reads a file of bare numbers, row-major; the type as NumPy writes it: 'f8', '>i2'; with map, its pages are read when they are looked at",
      example: """
        file = io.open("two.bin", "wb")
        file:write(string.pack("<ff", 1.5, 2))
        file:close()
        tensor.raw("two.bin", 2)  --> Tensor [2] float32: 1.5 2
        """
    ) { call in
      let options = try call.options(3), path: String = try call.argument(1, "path"), type = try options.value("type", default: "f4")
      let isMapped: Bool = try options.value("map", default: false)
      return isMapped ? try Tensor.mapRaw(path, shape: Tensor.shape(call, 2), type: type)
        : try Tensor.loadRaw(path, shape: Tensor.shape(call, 2), type: type)
    },
    .function("csv",
      "(path: string, {columns?: string|integer|table, header?: boolean, delimiter?: string, skip: integer = 0, comment: string = \"#\", missing?: number|number[], dtype: string = \"float64\"}) -> values: Tensor, columns: string[], missing: integer",
      "a text table of numbers as [row, column], its column names, and how many entries are missing; one column named alone gives [row]. Separator and header are guessed when not given; -9999 and NA are missing",
      example: """
      file = io.open("co2.csv", "w")
      file:write("year,ppm\\n2001,371.3\\n2002,NA\\n"):close()
      (tensor.csv("co2.csv", {columns = "ppm"}))  --> Tensor [row 2] float64: 371.3 nan
      select(3, tensor.csv("co2.csv"))  --> 1
      """) { call in
      let options = try call.options(2)
      var wanted = TextTable.Options(), isSingle = false
      if let columns = try options.value("columns", as: LuaOneOrMany<LuaValue>.self) {
        isSingle = options.typeName("columns") != "table"
        wanted.columns = try columns.values.map { column in
          if let name = column.string { return .name(name) }
          guard let number = column.number, let whole = Int(exactly: number) else {
            throw options.mismatch("columns", "not made of columns", expected: "names, or numbers from 1")
          }
          return .number(whole)
        }
      }
      wanted.hasHeader = try options.value("header")
      wanted.delimiter = try options.value("delimiter")
      wanted.skippedLines = try options.value("skip", default: 0)
      guard wanted.skippedLines >= 0 else { throw options.mismatch("skip", "\(wanted.skippedLines)", expected: "0 or more lines") }
      wanted.comment = try options.value("comment", default: "#")
      if let missing = try options.value("missing", as: LuaOneOrMany<Double>.self) { wanted.missing = missing.values }
      let table = try TextTable(path: call.argument(1, "path"), wanted)
      let type = try options.value("dtype", default: DType.float64)
      let shape: Shape = isSingle ? [table.rowCount] : [table.rowCount, table.columnCount]
      let values = try Tensor(table.values, shape: shape, dtype: type, names: isSingle ? ["row"] : ["row", "column"])
      return LuaResults(values, table.columnNames ?? [], table.missingCount)
    },
  ]
}
