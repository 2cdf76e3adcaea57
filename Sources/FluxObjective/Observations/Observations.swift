import FluxData
import FluxOperators
import FluxTensor

/// What was observed, as an objective asks for it: window by window, in the order of an operator's rows.
public protocol Observations: AnyObject {
  /// What values run over, slowest first, as an operator's; where there are several members, they come before these.
  var axes: [OperatorAxis] { get }
  /// Of values and spreads.
  var unit: String { get }
  /// The windows that have a value, ascending.
  ///
  /// - Throws: ``FluxError`` when memory is short.
  func windows() throws -> [Window]

  /// What was observed in a window, NaN where nothing was. Shape of ``axes``, perhaps with a leading `member` dimension.
  ///
  /// - Throws: ``FluxError`` for a window that it does not have.
  func values(_ window: Window) throws -> Tensor

  /// How uncertain that is: the range over members, or σ; nil where nobody says. Shape of ``axes``.
  ///
  /// - Throws: as ``values(_:)``.
  func spread(_ window: Window) throws -> Tensor?
}

extension Observations {
  public func spread(_ window: Window) throws -> Tensor? { nil }
}

/// Observations that were given as a series, which figures and tables can show.
public protocol SeriesObserved: Observations {
  var series: Series { get }
}
