import FluxCore

extension Figure {
  /// Writes the figure; the end of the name says as what.
  ///
  /// - Throws: ``FluxError`` for another ending, without GMT, or when the file cannot be written.
  public func save(_ path: String) throws {
    let place = "Figure:save"
    let format = try FigureFormat(path: path, at: place)
    guard !path.utf8.contains(0) else {
      throw FluxError("the file '\(path.split(separator: "\0", omittingEmptySubsequences: false).joined(separator: "\\0"))' has a zero byte in its name", at: place, expected: "a name without")
    }
    let temporary = try TemporaryFile.name(beside: path)
    try BinaryFile.write(data(format, at: place), to: temporary, called: path)
    try TemporaryFile.publish(temporary, as: path)
  }

  /// The figure as a file's bytes.
  ///
  /// - Parameter resolution: of PNG, dots per inch.
  public func data(_ format: FigureFormat, resolution: Int = 300, at place: String = "figure") throws -> [UInt8] {
    switch format {
    case .png: return try converted("-Tg", "png", resolution, at: place)
    case .pdf: return PDFDate.removed(from: try converted("-Tf", "pdf", resolution, at: place))
    case .svg:
      let folder = try DrawingFolder(at: place)
      let pdf = try folder.write(converted("-Tf", "pdf", resolution, at: place), "pdf"), svg = folder.newPath("svg")
      try Command.run(["pdftocairo", "-svg", pdf, svg], package: "poppler-utils", at: place)
      return LighterSVG.text(try BinaryFile.read(svg))
    }
  }

  /// The figure as pixels.
  public func raster(resolution: Int = 150, at place: String = "figure") throws -> Raster {
    try Raster(portablePixmap: converted("-Tm", "ppm", resolution, at: place), at: place)
  }

  private func converted(_ option: String, _ ending: String, _ resolution: Int, at place: String) throws -> [UInt8] {
    guard !panels.isEmpty else { throw FluxError("the figure has no panel", at: place, expected: "at least one") }
    try checked(at: place)
    guard Command.exists("gs") else {
      throw FluxError("figures need ghostscript, and there is no program 'gs'", at: place, remedy: "Install it: apt-get install ghostscript")
    }
    let folder = try DrawingFolder(at: place)
    try GMTLibrary.withSession(at: place) { session in
      let drawing = try Drawing(self, in: folder)
      for step in drawing.steps { try session.run(step) }
      try session.run(GMTStep("psconvert", [drawing.page, option, "-A+m0.06c", "-E\(resolution)", "-Qt4", "-Qg4", "-C-dALLOWPSTRANSPARENCY"]))
    }
    return try BinaryFile.read("\(folder.path)/page.\(ending)")
  }
}
