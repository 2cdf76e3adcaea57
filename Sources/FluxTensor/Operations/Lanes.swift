/// A contiguous tensor seen as `[outer, length, inner]`: its lanes run along the middle.
///
/// A reduction over all dimensions has one lane.
struct Lanes {
  let outer: Int, length: Int, inner: Int
  /// The shape and names with the dimension gone, or of length 1 where it is kept.
  let reducedShape: Shape
  let reducedNames: [String]?

  /// - Parameter dimension: which one, from 0; nil for all of them.
  init(of t: Tensor, _ dimension: Int?, keep: Bool = false) {
    guard let dimension else {
      (outer, length, inner) = (1, t.count, 1)
      reducedShape = keep ? Shape([Int](repeating: 1, count: t.rank)) : []
      reducedNames = keep ? t.names : nil
      return
    }
    (outer, length, inner) = t.shape.extent(around: dimension)
    var dimensions = t.shape.dimensions, names = t.names
    if keep { dimensions[dimension] = 1 } else {
      dimensions.remove(at: dimension)
      names?.remove(at: dimension)
    }
    reducedShape = Shape(dimensions)
    reducedNames = names.flatMap(Tensor.normalised)
  }

  /// Calls `body` with the number of each lane and where it starts; its elements are ``inner`` apart.
  @inline(__always)
  func forEach(_ body: (_ lane: Int, _ start: Int) throws -> Void) rethrows {
    var lane = 0
    for o in 0..<outer {
      for i in 0..<inner {
        try body(lane, o * length * inner + i)
        lane += 1
      }
    }
  }
}
