import FluxCore

/// The lengths of a tensor's dimensions, slowest first (row-major).
public struct Shape: Sendable, Equatable, ExpressibleByArrayLiteral, CustomStringConvertible {
  public let dimensions: [Int]

  public init(_ dimensions: [Int]) { self.dimensions = dimensions }
  public init(arrayLiteral dimensions: Int...) { self.dimensions = dimensions }

  public var rank: Int { dimensions.count }
  /// The number of elements; 1 for rank 0.
  public var count: Int { dimensions.reduce(1, &*) }
  public subscript(_ i: Int) -> Int { dimensions[i] }
  public var description: String { "[" + dimensions.map(String.init).joined(separator: ", ") + "]" }

  /// The shape as `[outer, length, inner]` around one dimension.
  func extent(around d: Int) -> (outer: Int, length: Int, inner: Int) {
    (dimensions[..<d].reduce(1, &*), dimensions[d], dimensions[(d + 1)...].reduce(1, &*))
  }

  private static let unitStride = [1]

  /// The row-major strides, in elements.
  var contiguousStrides: [Int] {
    if rank <= 1 { return rank == 0 ? [] : Self.unitStride }
    var strides = [Int](repeating: 1, count: rank)
    for d in stride(from: rank - 2, through: 0, by: -1) { strides[d] = strides[d + 1] &* dimensions[d + 1] }
    return strides
  }

  /// The number of elements, refused when a length is negative or the product overflows.
  static func checkedCount(_ dimensions: [Int], at place: @autoclosure () -> String) throws -> Int {
    var count = 1
    for length in dimensions {
      guard length >= 0 else {
        throw FluxError("a dimension has length \(length) in \(Shape(dimensions))", at: place(), expected: "lengths of 0 or more")
      }
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow, product < Int.max / 8 else {
        throw FluxError("\(Shape(dimensions)) has more elements than memory can address", at: place(),
          expected: "a shape that fits into memory", remedy: "Ask for a smaller shape.")
      }
      count = product
    }
    return count
  }

  /// The shape of an elementwise result, by NumPy's rule: dimensions are matched
  /// from the last, and a length of 1 stretches.
  func broadcast(with other: Shape, at place: @autoclosure () -> String) throws -> Shape {
    if self == other { return self }
    let rank = max(self.rank, other.rank)
    var result = [Int](repeating: 1, count: rank)
    for d in 1...max(1, rank) where rank > 0 {
      let a = d <= self.rank ? self[self.rank - d] : 1
      let b = d <= other.rank ? other[other.rank - d] : 1
      guard a == b || a == 1 || b == 1 else {
        throw FluxError("shapes \(self) and \(other) do not broadcast: \(a) against \(b) in dimension \(rank - d + 1)",
          at: place(), expected: "equal lengths, or 1, counted from the last dimension",
          remedy: "Use :reshape or :unsqueeze to line the dimensions up.")
      }
      result[rank - d] = a == 1 ? b : a
    }
    return Shape(result)
  }
}
