/// What a front end can show better than as text: a notebook asks for the forms, a terminal prints the description.
public protocol RichlyShown {
  /// The best forms, each of its own kind. The plain text is not among them.
  ///
  /// - Throws: ``FluxError`` when a form cannot be made; the text is then shown alone.
  func richForms() throws -> [RichForm]
}

/// One way to show a value.
public struct RichForm: Sendable {
  public enum Body: Sendable {
    case text(String)
    /// A picture, for example.
    case bytes([UInt8])
  }

  /// `text/html`, `image/png`, `image/svg+xml`.
  public let mediaType: String
  public let body: Body

  public init(_ mediaType: String, _ body: Body) {
    self.mediaType = mediaType
    self.body = body
  }
}
