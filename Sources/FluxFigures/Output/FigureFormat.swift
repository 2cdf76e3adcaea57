import FluxCore

/// What a figure can be written as.
public enum FigureFormat: String, Sendable, CaseIterable {
  case png, pdf, svg

  /// From the end of a file's name.
  ///
  /// - Throws: ``FluxError`` that lists the kinds.
  public init(path: String, at place: String) throws {
    let end = path.split(separator: ".").last.map(String.init) ?? ""
    guard path.contains("."), let format = FigureFormat(rawValue: end.lowercased()) else {
      throw FluxError("the file '\(path)'", at: place, expected: "a name that ends in .png, .pdf or .svg")
    }
    self = format
  }
}
