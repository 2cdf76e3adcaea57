import FluxCore
import FluxOperators
import FluxTensor

/// An operator and what was observed through it.
public final class Stream {
  /// What messages call it.
  public let name: String
  /// What predicts.
  public let observationOperator: any ObservationOperator
  /// What was observed, in the operator's axes and unit.
  public let observations: any Observations

  /// - Throws: ``FluxError`` when axes or units of the two differ.
  public init(_ name: String, _ observationOperator: any ObservationOperator, _ observations: any Observations) throws {
    let own = observationOperator.axes, observed = observations.axes
    guard zip(own, observed).allSatisfy(Self.agree), own.count == observed.count else {
      func text(_ axes: [OperatorAxis]) -> String { axes.map(\.description).joined(separator: " × ") }
      throw FluxError(
        "stream '\(name)' observes \(text(observed)), its operator predicts \(text(own))", at: "stream",
        expected: "the same axes and labels in the same order",
        remedy: "Narrow one to the other's labels with :only{…}.")
    }
    let unit = try Unit(observationOperator.unit)
    guard try Unit(observations.unit).factor(to: unit, at: "stream") == 1 else {
      throw FluxError(
        "stream '\(name)' observes \(observations.unit), its operator predicts \(observationOperator.unit)",
        at: "stream", expected: "one unit", remedy: "Convert the observations first.")
    }
    self.name = name
    self.observationOperator = observationOperator
    self.observations = observations
  }

  private static func agree(_ a: OperatorAxis, _ b: OperatorAxis) -> Bool {
    a.name == b.name && (a.labels == nil || b.labels == nil || a.labels == b.labels)
  }
}

/// What a term of the objective looks at: how a trainer knows which windows it can be trained and judged on.
public enum Reading {
  /// The run's towers, a batch a step.
  case towers
  case stream(Stream)
  /// An operator's predictions alone.
  case predictions(any ObservationOperator)
  /// What was observed alone.
  case observations(any Observations)
  /// Windows of a kind through any operator, as a script's function may.
  case windows(kind: String)
}

extension Reading {
  /// The kind of windows that it goes through; nil for towers, which go through batches.
  ///
  /// - Throws: what the observations throw.
  public func kind() throws -> String? {
    switch self {
    case .towers: nil
    case .stream(let stream): stream.observationOperator.windowKind
    case .predictions(let one): one.windowKind
    case .observations(let one): try one.windows().first?.kind ?? Window.yearKind
    case .windows(let kind): kind
    }
  }

  /// The windows that it can be read in; nil for any.
  ///
  /// - Throws: what the observations throw.
  public func windows() throws -> [Window]? {
    switch self {
    case .towers, .windows: return nil
    case .predictions(let one): return one.windows
    case .observations(let one): return try one.windows()
    case .stream(let stream):
      let observed = try stream.observations.windows()
      guard let predicted = stream.observationOperator.windows.map(Set.init) else { return observed }
      return observed.filter(predicted.contains)
    }
  }

  /// Its operator, where it has one.
  public var observationOperator: (any ObservationOperator)? {
    switch self {
    case .stream(let stream): stream.observationOperator
    case .predictions(let one): one
    case .towers, .observations, .windows: nil
    }
  }

  /// Its observations, where it has some.
  public var observations: (any Observations)? {
    switch self {
    case .stream(let stream): stream.observations
    case .observations(let one): one
    case .towers, .predictions, .windows: nil
    }
  }
}
