import FluxCore

extension Figure: RichlyShown {
  /// For a notebook: a picture of some ten centimetres on a screen.
  private static let screenResolution = 120

  /// - Throws: ``FluxError`` without GMT or ghostscript.
  public func richForms() throws -> [RichForm] {
    [RichForm("image/png", .bytes(try data(.png, resolution: Self.screenResolution, at: "figure")))]
  }
}
