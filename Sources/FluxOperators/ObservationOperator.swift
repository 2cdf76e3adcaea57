import FluxCore
import FluxModels
import FluxTensor

/// model → what is observed: the differentiable bridge between a model and a measurement.
public protocol ObservationOperator: AnyObject {
  /// What a prediction runs over, slowest first: `region × month`, `receptor`.
  var axes: [OperatorAxis] { get }
  /// Of a prediction.
  var unit: String { get }
  /// Which of the model's outputs it reads.
  var output: Quantity { get }
  /// What it can be asked for; nil where any window will do.
  var windows: [Window]? { get }
  /// Whether a prediction is of one window or another; false for an operator over given samples, which ignores it.
  var needsWindow: Bool { get }
  /// Whether predictions must be asked for one after another, on the interpreter's thread.
  var needsOneThread: Bool { get }

  /// The same operator for some labels of its first axis only, in the given order.
  ///
  /// - Throws: ``FluxError`` for a label that it does not have, with the nearest.
  func selecting(_ labels: [String]) throws -> Self

  /// What the model says would be observed in a window, on the tape.
  ///
  /// - Returns: in ``unit``, in the shape of ``axes``.
  /// - Throws: ``FluxError`` when the drivers do not cover the window; ``Interrupted`` on Ctrl-C.
  func predict(_ model: any SurfaceModel, _ window: Window) throws -> Tensor

  /// The prediction off the tape, and its derivative by every weight of the model; nil where that is not known.
  ///
  /// - Returns: values in the shape of ``predict(_:_:)``; the Jacobian row by row, `[row, weight]`.
  /// - Throws: as ``predict(_:_:)``.
  func linearised(_ model: any SurfaceModel, _ window: Window) throws -> Linearisation?
}

/// An axis of what an operator predicts.
public struct OperatorAxis: Sendable, Equatable, CustomStringConvertible {
  /// `region`, `receptor`, `month`.
  public let name: String
  /// What its places stand for, such as region codes; nil where that follows from the window, as months do.
  public let labels: [String]?

  /// - Parameter labels: nil where they follow from the window.
  public init(_ name: String, _ labels: [String]? = nil) {
    self.name = name
    self.labels = labels
  }

  public var description: String { labels.map { "\(name) \($0.count)" } ?? name }
}

extension ObservationOperator {
  public var needsOneThread: Bool { false }
  public var needsWindow: Bool { true }
  public var output: Quantity { .nee }
  public func linearised(_ model: any SurfaceModel, _ window: Window) throws -> Linearisation? { nil }
  /// The kind of its windows; years where any window will do.
  public var windowKind: String { windows?.first?.kind ?? Window.yearKind }
  /// Of the first axis: region codes, receptors.
  public var labels: [String] { axes.first?.labels ?? [] }
}

/// An operator whose rows are regions and whose columns are months of a year, PgC month⁻¹.
public protocol RegionalOperator: ObservationOperator {
  /// Land area of each region, m².
  var areas: [Double] { get }
}

extension RegionalOperator {
  public var unit: String { "PgC month-1" }
  /// Codes of the regions, in the order of the rows.
  public var regions: [String] { labels }

  static func axes(_ regions: [String]) -> [OperatorAxis] { [OperatorAxis("region", regions), OperatorAxis("month")] }

  /// The prediction of a calendar year. Shape `[region, month]`, PgC month⁻¹.
  ///
  /// - Throws: as ``ObservationOperator/predict(_:_:)``.
  public func predict(_ model: any SurfaceModel, year: Int) throws -> Tensor { try predict(model, .year(year)) }

  /// The linearised prediction of a calendar year.
  ///
  /// - Throws: as ``ObservationOperator/predict(_:_:)``.
  public func linearised(_ model: any SurfaceModel, year: Int) throws -> Linearisation? {
    try linearised(model, .year(year))
  }
}
