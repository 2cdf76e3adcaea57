import FluxCore

extension Tensor {
  /// The elements in order along a dimension, and where each stood (int64, from 1).
  ///
  /// Equal elements keep their order; missing ones stand last, in either direction.
  ///
  /// - Throws: ``FluxError`` when there is no such dimension; ``Interrupted`` on Ctrl-C.
  public func sorted(_ dimension: Int, descending: Bool = false) throws -> (values: Tensor, positions: Tensor) {
    let x = isContiguous ? detached() : try copied()
    let lanes = Lanes(of: x, dimension)
    let positions = try Tensor(like: x, .int64, names: names, at: "Tensor:sort")
    var comparisons = 0
    func order<T: Element>(_: T.Type) throws {
      let p = x.pointer(T.self), out = positions.mutable(Int64.self)
      var lane: [(value: T, position: Int64)] = [], missing: [Int64] = []
      try lanes.forEach { _, start in
        lane.removeAll(keepingCapacity: true)
        missing.removeAll(keepingCapacity: true)
        for k in 0..<lanes.length {
          let v = p[start + k * lanes.inner]
          if v.isMissing { missing.append(Int64(k + 1)) } else { lane.append((v, Int64(k + 1))) }
        }
        // Positions decide between equals, so the order does not hang on the algorithm.
        try lane.sort {
          comparisons &+= 1
          if comparisons & 0xFFFF == 0 { try Interrupt.check() }
          return $0.value == $1.value ? $0.position < $1.position : descending ? $0.value > $1.value : $0.value < $1.value
        }
        for (k, item) in lane.enumerated() { out[start + k * lanes.inner] = item.position }
        for (k, position) in missing.enumerated() { out[start + (lane.count + k) * lanes.inner] = position }
      }
    }
    switch dtype {
    case .float32: try order(Float.self)
    case .float64: try order(Double.self)
    case .int64: try order(Int64.self)
    }
    return (try gathered(dimension, positions, name: "sort"), positions)
  }
}
