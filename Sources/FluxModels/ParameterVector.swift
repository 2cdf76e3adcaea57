import FluxCore
import FluxTensor
import Glibc

/// What a trainer moves: named leaves, read and written one after the other as one row of numbers.
///
/// As a collection it is its leaves, in the order of that row.
public struct ParameterVector: RandomAccessCollection {
  /// The leaves with what is known of them, in their order.
  public let entries: [Parameter]

  /// - Parameter entries: in the order of the row.
  public init(_ entries: [Parameter]) { self.entries = entries }

  /// 0.
  public var startIndex: Int { 0 }
  /// How many leaves there are.
  public var endIndex: Int { entries.count }
  /// A leaf.
  public subscript(position: Int) -> Tensor { entries[position].leaf }

  /// How many numbers all leaves hold together.
  public var size: Int { entries.reduce(0) { $0 + $1.leaf.count } }

  /// All leaves in one row. Shape `[weight]`.
  public var values: [Double] { flatMap { $0.doubles() } }

  /// Writes all leaves at once.
  ///
  /// - Parameter values: in the order of ``values``. Shape `[weight]`.
  /// - Throws: ``FluxError`` when their number is another.
  public func set(_ values: [Double]) throws {
    guard values.count == size else {
      let shapes = entries.map { "\($0.name) \($0.leaf.shape)" }.joined(separator: ", ")
      throw FluxError("\(values.count) weights", at: "model", expected: "\(size), for \(shapes)")
    }
    try Tape.withoutRecording {
      var start = 0
      for leaf in self {
        try leaf.assign(Tensor(Array(values[start..<(start + leaf.count)]), shape: leaf.shape))
        start += leaf.count
      }
    }
  }

  /// Cuts a gradient by all numbers of the row into the shapes of the leaves.
  ///
  /// - Parameter gradient: shape `[weight]`.
  /// - Throws: ``FluxError`` when memory is short.
  public func split(_ gradient: [Double]) throws -> [Tensor] {
    var start = 0
    return try map { leaf in
      defer { start += leaf.count }
      return try Tensor(Array(gradient[start..<(start + leaf.count)]), shape: leaf.shape)
    }
  }

  /// Forgets every leaf's gradient.
  public func clearGradients() { forEach { $0.clearGradient() } }
}

/// One leaf of a model, and what is known of it.
///
/// A bounded parameter is moved through an unbounded coordinate z: value = low + (high − low) / (1 + e^{−z}), so that no
/// step leaves the bounds and the derivative is smooth.
public struct Parameter {
  /// What is believed of a value before any observation, in the parameter's unit.
  public struct Prior: Sendable, Equatable {
    /// Mean and standard deviation, in the parameter's unit.
    public let mean, deviation: Double
    /// - Parameter deviation: above 0.
    public init(mean: Double, deviation: Double) {
      self.mean = mean
      self.deviation = deviation
    }
  }

  /// What equations call it.
  public let name: String
  /// Of the value; `1` for weights of a network.
  public let unit: String
  /// Smallest and largest value; nil where any is allowed.
  public let bounds: ClosedRange<Double>?
  /// What is believed of it beforehand; nil where nothing is.
  public let prior: Prior?
  /// What is moved: the value itself, or z where there are bounds.
  public let leaf: Tensor

  /// A leaf of any shape without bounds.
  public init(_ name: String, unit: String = "1", leaf: Tensor) {
    self.name = name
    self.unit = unit
    self.leaf = leaf
    bounds = nil
    prior = nil
  }

  /// A number between bounds.
  ///
  /// - Parameter value: where it starts, in its unit, between the bounds.
  /// - Throws: ``FluxError`` when it lies outside.
  public init(
    _ name: String, unit: String, value: Double, in bounds: ClosedRange<Double>, prior: Prior? = nil,
    dtype: DType = .float64
  ) throws {
    guard bounds.lowerBound < value, value < bounds.upperBound else {
      throw FluxError(
        "parameter '\(name)' is \(value)", at: "model",
        expected: "a value between \(bounds.lowerBound) and \(bounds.upperBound) \(unit)")
    }
    self.name = name
    self.unit = unit
    self.bounds = bounds
    self.prior = prior
    let share = (value - bounds.lowerBound) / (bounds.upperBound - bounds.lowerBound)
    leaf = try Tensor.scalar(log(share / (1 - share)), dtype).requireGradient()
  }

  /// The value in its unit, on the tape with respect to ``leaf``. Rank 0 for a bounded parameter, else the leaf's shape.
  ///
  /// - Throws: ``FluxError`` when memory is short.
  public func value() throws -> Tensor {
    guard let bounds else { return leaf }
    let share = try leaf.sigmoid(), width = bounds.upperBound - bounds.lowerBound
    return try share.multiplied(by: share.number(width)).adding(share.number(bounds.lowerBound))
  }
}
