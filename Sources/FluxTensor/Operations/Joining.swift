import FluxCore

extension Tensor {
  /// Tensors laid one after the other along an existing dimension.
  ///
  /// - Throws: ``FluxError`` when the other dimensions differ, in length or name, or the list is empty.
  public static func concatenated(_ parts: [Tensor], _ dimension: Int, at place: String = "tensor.cat") throws -> Tensor {
    guard let first = parts.first else { throw FluxError("the list is empty", at: place, expected: "at least one tensor") }
    let type = parts.dropFirst().map(\.dtype).reduce(first.dtype, DType.promoted)
    let parts = try parts.map { try $0.converted(to: type) }
    var lengths = first.shape.dimensions, names: (names: [String]?, rank: Int) = (first.names, first.rank)
    for part in parts.dropFirst() {
      var mine = part.shape.dimensions
      guard mine.count == lengths.count else {
        throw FluxError("shapes \(first.shape) and \(part.shape) cannot be joined", at: place, expected: "equal ranks")
      }
      mine[dimension] = first.shape[dimension]
      guard mine == first.shape.dimensions else {
        throw FluxError("shapes \(first.shape) and \(part.shape) cannot be joined along dimension \(dimension + 1)", at: place,
          expected: "equal lengths in the other dimensions")
      }
      lengths[dimension] += part.shape[dimension]
      names.names = try mergedNames(names, (part.names, part.rank), place)
    }
    let result = try Tensor(Shape(lengths), type, names: names.names, at: place)
    var start = 0
    var places: [(Int, Int)] = []
    try Tape.withoutRecording {
      for part in parts {
        places.append((start, part.shape[dimension]))
        try result.narrowed(dimension, from: start, length: part.shape[dimension]).assign(part)
        start += part.shape[dimension]
      }
    }
    return Tape.record("cat", parts, result, reading: []) { incoming in
      try places.map { try incoming.narrowed(dimension, from: $0.0, length: $0.1) }
    }
  }

  /// Tensors of one shape laid along a new dimension, which may be given a name.
  public static func stacked(_ parts: [Tensor], _ dimension: Int, name: String = "") throws -> Tensor {
    guard let first = parts.first else { throw FluxError("the list is empty", at: "tensor.stack", expected: "at least one tensor") }
    if let other = parts.first(where: { $0.shape != first.shape }) {
      throw FluxError("shapes \(first.shape) and \(other.shape)", at: "tensor.stack", expected: "equal shapes")
    }
    return try concatenated(parts.map { try $0.unsqueezed(dimension, name: name) }, dimension, at: "tensor.stack")
  }
}
