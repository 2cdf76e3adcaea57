import LuaRuntime

/// Writes the reference: `README.md`, and a page a module.
public enum ReferenceWriter {
  /// - Returns: the names of the files written.
  /// - Throws: ``FluxError`` when the folder cannot be written.
  public static func write(into folder: String) throws -> [String] {
    let files = files()
    try TextFolder.write(files, into: folder)
    return files.map(\.name)
  }

  /// Name and text of every file.
  static func files() -> [(name: String, text: String)] {
    var owned: [(module: LuaModule, types: [AnyLuaType])] = [], seen: Set<ObjectIdentifier> = []
    for module in FluxLibrary.modules {
      owned.append((module, module.types.filter { seen.insert(ObjectIdentifier($0)).inserted }))
    }
    var pages: [String: String] = [:]
    for (module, types) in owned { for type in types { pages[type.name] = page(module) } }
    return [("README.md", index(owned))] + owned.map { (page($0.module), ReferenceText.page($0.module, types: $0.types, pages: pages)) }
  }

  private static func page(_ module: LuaModule) -> String { (module.name.isEmpty ? "globals" : module.name) + ".md" }

  private static func index(_ owned: [(module: LuaModule, types: [AnyLuaType])]) -> String {
    var text = """
      # Fluxbridge \(FluxVersion.text): reference

      What a script can call. Written by `fluxbridge reference`, from the same declarations as `help()`.

      - `(x: Tensor, dim?: integer, {keep: boolean = false}) -> Tensor` reads: a tensor, then a dimension that may be left
        out, then a table of options, and a tensor comes back. Functions are called with a dot, `cube.open(path)`, methods
        with a colon, `c:mean("time")`. Indices count from 1.
      - Fluxes are positive to the atmosphere. Missing values are NaN.
      - Every object has `:free()`, which gives its memory back at once; `local x <close> = …` does so at the end of the block.
      - In an example, the text after `-->` is what the expression before it prints. `require "example_world"` makes a small
        synthetic Earth in the folder `example` and the names that the examples speak of: `d` drivers, `r` regions, `t` towers,
        `days` their samples, `inv` inversions, `T` their regional months, `c` a cube of NEE, `b` a bridge, `m` an untrained
        model, `result` a (barely) trained pair, `truth` what the Earth hides.

      """
    text += MarkdownText.table(["module", "what it is", "types"], owned.map { module, types in
      let links = types.map { "[`\($0.name)`](\(page(module))#\($0.name))" }
      return ["[\(ReferenceText.title(module))](\(page(module)))", MarkdownText.cell(module.summary), links.joined(separator: ", ")]
    })
    text += "\n## Every name\n\n"
    for (module, types) in owned {
      let functions = module.declarations.map { Help.place($0, in: module) }
      let members = types.flatMap { type in
        type.declarations.compactMap { declaration -> String? in
          switch declaration.kind {
          case .method where ReferenceText.isCommon(declaration): nil
          case .method: "\(type.name):\(declaration.name)"
          case .property: "\(type.name).\(declaration.name)"
          default: nil
          }
        }
      }
      text += (functions + members).map { "[`\($0)`](\(page(module))#\($0))" }.joined(separator: " ") + "\n\n"
    }
    return text
  }
}
