import FluxCore

extension Tensor {
  /// Tensors laid one after the other along an existing dimension.
  ///
  /// - Throws: ``FluxError`` when the other dimensions differ, or the list is empty.
  public static func concatenated(_ parts: [Tensor], _ dimension: Int) throws -> Tensor {
    guard let first = parts.first else { throw FluxError("the list is empty", at: "tensor.cat", expected: "at least one tensor") }
    let type = parts.map(\.dtype).reduce(.float32, DType.promoted)
    let parts = try parts.map { try $0.converted(to: type) }
    var lengths = first.shape.dimensions
    for part in parts.dropFirst() {
      var mine = part.shape.dimensions
      guard mine.count == lengths.count else {
        throw FluxError("shapes \(first.shape) and \(part.shape) cannot be joined", at: "tensor.cat", expected: "equal ranks")
      }
      mine[dimension] = first.shape[dimension]
      guard mine == first.shape.dimensions else {
        throw FluxError("shapes \(first.shape) and \(part.shape) cannot be joined along dimension \(dimension + 1)", at: "tensor.cat",
          expected: "equal lengths in the other dimensions")
      }
      lengths[dimension] += part.shape[dimension]
    }
    let result = try Tensor(Shape(lengths), type, names: first.names, at: "tensor.cat")
    var start = 0
    var places: [(Int, Int)] = []
    try Tape.withoutRecording {
      for part in parts {
        places.append((start, part.shape[dimension]))
        try result.narrowed(dimension, from: start, length: part.shape[dimension]).assign(part)
        start += part.shape[dimension]
      }
    }
    return Tape.record("cat", parts, result) { incoming in
      try places.map { try incoming.narrowed(dimension, from: $0.0, length: $0.1) }
    }
  }

  /// Tensors of one shape laid along a new dimension.
  public static func stacked(_ parts: [Tensor], _ dimension: Int) throws -> Tensor {
    guard parts.allSatisfy({ $0.shape == parts[0].shape }) else {
      throw FluxError("shapes \(parts.map(\.shape))", at: "tensor.stack", expected: "equal shapes")
    }
    return try concatenated(parts.map { try $0.unsqueezed(dimension) }, dimension)
  }
}
