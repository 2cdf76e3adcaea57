/// A mistake of the user's, of a file's or of the machine's, told in four parts:
/// what came, where, what was expected, and how to mend it.
///
/// ```
/// Footprint.convolve: flux has shape [8100]; expected [8112], one value per footprint pixel.
///   Select the flux with the footprint's own pixel list first.
/// ```
public struct FluxError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What came: the value that was given, not only the rule that it broke.
  public let came: String
  /// The operation, file or option that refused it.
  public let place: String
  /// What would have been accepted.
  public let expected: String?
  /// What the user can do next.
  public let remedy: String?

  public init(_ came: String, at place: String, expected: String? = nil, remedy: String? = nil) {
    self.came = came
    self.place = place
    self.expected = expected
    self.remedy = remedy
  }

  public var description: String {
    var text = "\(place): \(came)"
    if let expected { text += "; expected \(expected)" }
    if let last = text.last, !".?!".contains(last) { text += "." }
    if let remedy { text += "\n  \(remedy)" }
    return text
  }
}

/// The user pressed Ctrl-C. Thrown out of long loops between two blocks of work.
public struct Interrupted: Error, Sendable, CustomStringConvertible {
  public init() {}
  public var description: String { "interrupted" }
}
