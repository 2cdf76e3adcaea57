/// Walks a strided view in row-major order, one run of the last dimension at a time.
enum StridedLoop {
  static func run(_ dimensions: [Int], _ strides: [Int], _ body: (_ position: Int, _ length: Int, _ step: Int) -> Void) {
    run(dimensions, [strides]) { positions, length, steps in body(positions[0], length, steps[0]) }
  }

  /// The same over several views of one shape.
  static func run(_ dimensions: [Int], _ strides: [[Int]], _ body: (_ positions: [Int], _ length: Int, _ steps: [Int]) -> Void) {
    if dimensions.contains(0) { return }
    let rank = dimensions.count
    let views = strides.count
    let length = rank == 0 ? 1 : dimensions[rank - 1]
    let steps = strides.map { rank == 0 ? 0 : $0[rank - 1] }
    var index = [Int](repeating: 0, count: max(0, rank - 1))
    var positions = [Int](repeating: 0, count: views)
    while true {
      body(positions, length, steps)
      var d = rank - 2
      while d >= 0 {
        index[d] += 1
        for v in 0..<views { positions[v] += strides[v][d] }
        if index[d] < dimensions[d] { break }
        for v in 0..<views { positions[v] -= strides[v][d] * dimensions[d] }
        index[d] = 0
        d -= 1
      }
      if d < 0 { return }
    }
  }
}
