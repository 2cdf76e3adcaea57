import FluxModels
import FluxTensor

/// flux → what is observed: the differentiable bridge between a flux model and a measurement.
public protocol ObservationOperator: AnyObject {
  /// What the rows of a prediction stand for, for example region codes.
  var regions: [String] { get }
  /// Land area of each region, m².
  var areas: [Double] { get }

  /// Whether a prediction is of one year or another; false for an operator over given samples, which ignores the year.
  var hasYears: Bool { get }

  /// Whether predictions must be asked for one after another, on the interpreter's thread.
  var needsOneThread: Bool { get }

  /// The same operator for some regions only, in the given order.
  ///
  /// - Throws: ``FluxError`` for a region that it does not have, with the nearest code.
  func only(_ codes: [String]) throws -> Self

  /// What the model says would be observed in one year, on the tape.
  ///
  /// - Returns: PgC month⁻¹, positive to the atmosphere. Shape `[region, month]`.
  /// - Throws: ``FluxError`` when the drivers do not cover the year; ``Interrupted`` on Ctrl-C.
  func predict(_ model: any FluxModel, year: Int) throws -> Tensor

  /// The prediction off the tape, and its derivative by every weight of the model; nil for an operator that does not know it.
  ///
  /// - Throws: as ``predict(_:year:)``.
  func linearised(_ model: any FluxModel, year: Int) throws -> LinearisedPrediction?
}

/// A prediction and how it moves with the weights of the model.
public struct LinearisedPrediction {
  /// As ``ObservationOperator/predict(_:year:)`` gives it, off the tape. Shape `[region, month]`.
  public let value: Tensor
  /// Row by row. Shape `[region × month, weight]`, weights in the order of the model's parameters.
  public let jacobian: [Float]
}

extension ObservationOperator {
  public var needsOneThread: Bool { false }
  public var hasYears: Bool { true }
  public func linearised(_ model: any FluxModel, year: Int) throws -> LinearisedPrediction? { nil }
}
