/// What an operator is asked for at once: a year of regional months, a block of receptors, a whole record.
///
/// Windows of one kind go together: in a step of training all streams of years see the same year.
public struct Window: Hashable, Sendable, CustomStringConvertible {
  /// `year`, `block`, `record`.
  public let kind: String
  /// Which of its kind: 2005.
  public let number: Int

  /// - Parameter number: which of its kind.
  public init(_ kind: String, _ number: Int) {
    self.kind = kind
    self.number = number
  }

  /// A calendar year.
  public static func year(_ year: Int) -> Window { Window(yearKind, year) }
  /// The kind of windows that are calendar years.
  public static let yearKind = "year"

  public var description: String { "\(kind) \(number)" }
}
