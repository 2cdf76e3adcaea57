import FluxCore

/// Names of dimensions. "" stands for a dimension without a name.
extension Tensor {
  /// The same tensor with a name for each dimension.
  ///
  /// - Throws: ``FluxError`` when the number of names is not the rank, or one comes twice.
  public func named(_ names: [String]) throws -> Tensor {
    let given = names.filter { !$0.isEmpty }
    guard names.count == rank, Set(given).count == given.count else {
      throw FluxError("names \(names) for shape \(shape)", at: "Tensor:named", expected: "\(rank) different names, one a dimension")
    }
    return view("named", shape, strides, offset: offset, names: Self.normalised(names)) { $0 }
  }

  /// No names at all rather than empty ones; a name that would stand twice stands nowhere.
  static func normalised(_ names: [String]) -> [String]? {
    var names = names
    for (i, name) in names.enumerated() where !name.isEmpty && names[(i + 1)...].contains(name) {
      for k in names.indices where names[k] == name { names[k] = "" }
    }
    return names.allSatisfy(\.isEmpty) ? nil : names
  }

  /// The names of an elementwise result: where both operands name a dimension, counted from the last, they must agree.
  static func mergedNames(_ a: Tensor, _ b: Tensor, _ place: @autoclosure () -> String) throws -> [String]? {
    if a.names == nil && b.names == nil { return nil }
    return try mergedNames((a.names, a.rank), (b.names, b.rank), place())
  }

  static func mergedNames(_ a: (names: [String]?, rank: Int), _ b: (names: [String]?, rank: Int), _ place: @autoclosure () -> String) throws -> [String]? {
    guard a.names != nil || b.names != nil else { return nil }
    let rank = Swift.max(a.rank, b.rank)
    func padded(_ x: (names: [String]?, rank: Int)) -> [String] {
      [String](repeating: "", count: rank - (x.names == nil ? 0 : x.rank)) + (x.names ?? [])
    }
    let left = padded(a), right = padded(b)
    let merged = zip(left, right).map { $0.isEmpty ? $1 : $0 }
    guard zip(merged, right).allSatisfy({ $1.isEmpty || $0 == $1 }) else {
      throw FluxError("dimensions are named \(a.names ?? []) and \(b.names ?? [])", at: place(),
        expected: "the same names, counted from the last dimension", remedy: "Use :transpose, or :named{…} to rename.")
    }
    return normalised(merged)
  }
}
