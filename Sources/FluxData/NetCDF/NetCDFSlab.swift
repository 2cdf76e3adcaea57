import FluxCore

/// A part of a variable, checked: a start and a count in each dimension.
struct NetCDFSlab {
  let variable: NetCDFVariable
  let start, count: [Int]
  /// How many values.
  let size: Int

  init(_ variable: NetCDFVariable, start: [Int]?, count: [Int]?, at path: String) throws {
    let shape = variable.shape
    let start = start ?? shape.map { _ in 0 }
    let count = count ?? zip(shape, start).map { $0 - $1 }
    let isInside = start.count == shape.count && count.count == shape.count
      && zip(shape, zip(start, count)).allSatisfy { length, part in
        part.0 >= 0 && part.1 >= 0 && part.0 <= length && part.1 <= length - part.0
      }
    guard isInside else {
      throw FluxError(
        "variable '\(variable.name)' has no part with start \(start) and count \(count)", at: path,
        expected: "a part of its shape \(shape)")
    }
    self.variable = variable
    self.start = start
    self.count = count
    guard let size = AvailableMemory.product(count) else {
      throw FluxError("variable '\(variable.name)' has the absurd shape \(shape)", at: path, remedy: "The file is damaged, or read a part of it.")
    }
    self.size = size
    try AvailableMemory.require(size, ofSize: 4, for: "reading \(variable.name)\(count)", at: path)
  }

  /// `tas[0..<12, 0..<73, 0..<96]`
  var description: String {
    let parts = zip(start, count).map { "\($0)..<\($0 + $1)" }.joined(separator: ", ")
    return parts.isEmpty ? "'\(variable.name)'" : "'\(variable.name)'[\(parts)]"
  }
}
