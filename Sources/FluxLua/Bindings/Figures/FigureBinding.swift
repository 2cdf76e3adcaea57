import FluxCore
import FluxFigures
import LuaRuntime

/// `figure.map(c)`: what plots show, drawn when they are saved or shown.
let figureModule = LuaModule(
  "figure", "maps and plots, drawn by GMT when they are saved or shown", types: [Figure.luaType],
  generalFigures + paperFigures)

extension Figure: LuaExposed {
  public static let luaType = LuaType<Figure>("Figure", "maps and plots in rows of panels; drawn when saved or shown", members: [
    .property("panels", "integer", "how many panels",
      example: "figure.map(c).panels  --> 1"
    ) { $0.panels.count },
    .method("save", "(path: string)", "writes it as .png (300 dots per inch), .pdf or .svg, by the end of the name",
      example: """
        figure.map(c):save("mean.pdf")
        """
    ) { figure, call in try figure.save(call.argument(1, "path")) },
    .method("show", "({format: string = \"png\"})", "draws it in the terminal (sixels, kitty's pictures or blocks of Unicode) or the notebook; elsewhere says what it is",
      example: """
        figure.map(c):show()
        figure.map(c):show { format = "svg" }
        """
    ) { figure, call in
      let format = try call.options(1).value("format", default: NotebookPicture.png)
      guard let size = TerminalPicture.terminalSize() else {
        // A notebook, a pipe or a file.
        guard format == .png else { return try call.session.present(figure.description) { [try format.form(of: figure)] } }
        return try call.session.display(call.argument(0, "self"), nil)
      }
      if TerminalPicture.isPlain {
        return StandardStream.output.write("\(figure)\n  This terminal shows no pictures; save it, f:save(\"figure.png\"), or force them, FLUXBRIDGE_PICTURES=blocks.\n")
      }
      let picture = try figure.raster(resolution: 120, at: call.place)
      if let text = TerminalPicture.text(picture, columns: size.columns, rows: size.rows) { return StandardStream.output.write(text + "\n") }
      StandardStream.output.write("\(figure)\n  No pictures here without libchafa: apt-get install libchafa0; or save it, f:save(\"figure.png\").\n")
    },
    .method("with", "({title?: string, width?: number}) -> Figure", "the same with another title above all panels, or another width in cm (17 is a page, 8.5 half of one); panels that do not fit side by side go below each other",
      example: """
        f = figure.map(c):with { title = "Two years", width = 12 }
        f.panels  --> 1
        """
    ) { figure, call in
      let options = try call.options(1)
      var changed = figure
      changed.title = try options.value("title", default: figure.title)
      changed.width = try figureWidth(options) ?? figure.width
      return changed
    },
  ])
  public var luaDescription: String { description }
}

extension Figure {
  /// The same with the option `width`.
  ///
  /// - Throws: ``FluxError`` for a figure that would show nothing.
  func finished(_ options: LuaOptions) throws -> Figure {
    try checked(at: options.call.place)
    return try with(width: figureWidth(options))
  }
}

/// The option `width`, cm.
func figureWidth(_ options: LuaOptions) throws -> Double? {
  guard let width: Double = try options.value("width") else { return nil }
  guard width >= 3, width <= 100 else { throw options.mismatch("width", "\(width)", expected: "3 to 100 cm; a page is 17 wide, a column of it 8.5") }
  return width
}

/// The option `range`: two numbers, the lower first.
func figureRange(_ options: LuaOptions, _ name: String = "range") throws -> ClosedRange<Double>? {
  guard let ends: [Double] = try options.value(name) else { return nil }
  guard ends.count == 2, ends[0].isFinite, ends[1].isFinite, ends[0] < ends[1] else {
    throw options.mismatch(name, "{\(ends.map { "\($0)" }.joined(separator: ", "))}", expected: "two numbers, the lower first, such as {-1, 1}")
  }
  return ends[0]...ends[1]
}
