import FluxCore

/// One function of two numbers: its value and both partial derivatives.
protocol BinaryRule: Sendable {
  /// As a user calls it: `mul`.
  static var name: String { get }
  /// What the derivatives by the left and by the right operand read, of left, right and result.
  static func reads(forLeft: Bool, forRight: Bool) -> (left: Bool, right: Bool, result: Bool)
  /// Whether both derivatives are 0 everywhere.
  static var isFlat: Bool { get }
  /// The signs of a sum or difference, whose gradients are the incoming one itself; nil for all others.
  static var signs: (left: Int, right: Int)? { get }
  func value<T: Scalar>(_ a: T, _ b: T) -> T
  /// The same over a dense run of float32; kernels with vectors stand in here.
  func zip(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int)
  /// out = g · ∂f over a dense run of float32, exactly 0 where g is; false when there is no kernel for it. `out` may be `g`.
  func pull(byLeft: Bool, _ g: UnsafePointer<Float>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>, _ count: Int) -> Bool
  /// ∂f/∂a at `(a, b)`, where `y` is the value there.
  func byLeft<T: Scalar>(_ a: T, _ b: T, _ y: T) -> T
  /// ∂f/∂b at `(a, b)`, where `y` is the value there.
  func byRight<T: Scalar>(_ a: T, _ b: T, _ y: T) -> T
}

/// An operation that keeps int64 in int64; the others answer in float64.
protocol IntegerBinaryRule: BinaryRule {
  func value(_ a: Int64, _ b: Int64) -> Int64
}

extension BinaryRule {
  static var isFlat: Bool { false }
  static var signs: (left: Int, right: Int)? { nil }
  @inline(__always) func zip(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) {
    for i in 0..<count { y[i] = value(a[i], b[i]) }
  }
  @inline(__always) func pull(byLeft: Bool, _ g: UnsafePointer<Float>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>, _ count: Int)
    -> Bool
  { false }
}

extension Tensor {
  func apply<R: BinaryRule>(_ rule: R, _ other: Tensor) throws -> Tensor {
    if dtype != other.dtype || dtype == .int64 { return try applyMixed(rule, other) }
    let y: Tensor
    if isContiguous, other.isContiguous, shape == other.shape {
      y = try Tensor(like: self, dtype, names: Self.mergedNames(self, other, "Tensor:\(R.name)"), at: "Tensor:\(R.name)")
    } else {
      let common = try shape.broadcast(with: other.shape, at: "Tensor:\(R.name)")
      y = try Tensor(common, dtype, names: Self.mergedNames(self, other, "Tensor:\(R.name)"), at: "Tensor:\(R.name)")
    }
    switch dtype {
    case .float32:
      if count == y.count, other.count == y.count, isContiguous, other.isContiguous {
        rule.zip(pointer(Float.self), other.pointer(Float.self), y.mutable(Float.self), y.count)
      } else {
        Broadcast.zip(self, other, y, Float.self) { rule.value($0, $1) }
      }
    case .float64: Broadcast.zip(self, other, y, Double.self) { rule.value($0, $1) }
    case .int64: break
    }
    if isTracked || other.isTracked {
      let state = TapeState.current
      if state.isRecording {
        let reads = R.reads(forLeft: isTracked, forRight: other.isTracked)
        y.node = BinaryNode(R.name, R.isFlat ? .zero : R.signs.map { .signs(left: $0.left, right: $0.right) } ?? .kernel(Self.kernel(rule)), reads, self, other, y, state)
      }
    }
    return y
  }

  /// The gradient's loop for one rule. A closure, not a method of a generic node: the compiler makes
  /// concrete code of the former only.
  private static func kernel<R: BinaryRule>(_ rule: R) -> BinaryKernel {
    { type, byLeft, g, a, aStep, b, bStep, y, out, count in
      if type == .float32 {
        let isDense = aStep == 1 && bStep == 1
        if isDense, rule.pull(byLeft: byLeft, g.assumingMemoryBound(to: Float.self), a.assumingMemoryBound(to: Float.self), b.assumingMemoryBound(to: Float.self),
          out.assumingMemoryBound(to: Float.self), count) { return }
        pull(rule, Float.self, byLeft, g, a, aStep, b, bStep, y, out, count)
      } else {
        pull(rule, Double.self, byLeft, g, a, aStep, b, bStep, y, out, count)
      }
    }
  }

  @inline(__always)
  private static func pull<R: BinaryRule, T: Scalar>(_ rule: R, _: T.Type, _ byLeft: Bool, _ g: UnsafeRawPointer, _ a: UnsafeRawPointer, _ aStep: Int,
    _ b: UnsafeRawPointer, _ bStep: Int, _ y: UnsafeRawPointer, _ out: UnsafeMutableRawPointer, _ count: Int
  ) {
    let a = a.assumingMemoryBound(to: T.self), b = b.assumingMemoryBound(to: T.self), y = y.assumingMemoryBound(to: T.self)
    let out = out.assumingMemoryBound(to: T.self), inPlace = UnsafeRawPointer(out) == g
    let g = g.assumingMemoryBound(to: T.self)
    @inline(__always) func run(_ derivative: (T, T, T) -> T) {
      if aStep == 1 && bStep == 1 && inPlace {
        // One name for one block, or the compiler fears overlaps and leaves its vectors unused.
        for i in 0..<count { let v = out[i]; out[i] = v == 0 ? 0 : v * derivative(a[i], b[i], y[i]) }
      } else if aStep == 1 && bStep == 1 {
        for i in 0..<count { let v = g[i]; out[i] = v == 0 ? 0 : v * derivative(a[i], b[i], y[i]) }
      } else {
        for i in 0..<count { let v = g[i]; out[i] = v == 0 ? 0 : v * derivative(a[i * aStep], b[i * bStep], y[i]) }
      }
    }
    if byLeft { run { rule.byLeft($0, $1, $2) } } else { run { rule.byRight($0, $1, $2) } }
  }

  private func applyMixed<R: BinaryRule>(_ rule: R, _ other: Tensor) throws -> Tensor {
    let common = DType.promoted(dtype, other.dtype)
    if common == .int64 {
      guard let rule = rule as? any IntegerBinaryRule else {
        return try converted(to: .float64).apply(rule, other.converted(to: .float64))
      }
      return try applyToIntegers(rule, other)
    }
    return try converted(to: common).apply(rule, other.converted(to: common))
  }

  private func applyToIntegers<R: IntegerBinaryRule>(_ rule: R, _ other: Tensor) throws -> Tensor {
    let common = try shape.broadcast(with: other.shape, at: "Tensor:\(R.name)")
    let y = try Tensor(common, .int64, names: Self.mergedNames(self, other, "Tensor:\(R.name)"), at: "Tensor:\(R.name)")
    Broadcast.zip(self, other, y, Int64.self) { rule.value($0, $1) }
    return y
  }
}

/// out = g · ∂f/∂a, or ∂f/∂b, along one run: `step`s apart for a and b, dense for the others. What the rule does not read is any pointer.
private typealias BinaryKernel = (_ type: DType, _ byLeft: Bool, _ g: UnsafeRawPointer, _ a: UnsafeRawPointer, _ aStep: Int,
  _ b: UnsafeRawPointer, _ bStep: Int, _ y: UnsafeRawPointer, _ out: UnsafeMutableRawPointer, _ count: Int) -> Void

private final class BinaryNode: Node {
  enum Rule {
    case zero
    case signs(left: Int, right: Int)
    case kernel(BinaryKernel)
  }

  private let label: String, rule: Rule
  /// Views of the operands, where the rule reads them.
  private var left: Tensor?, right: Tensor?, result: Tensor?
  private var guards: (Guarded?, Guarded?, Guarded?)
  private let leftShape: Shape, rightShape: Shape

  init(_ label: String, _ rule: Rule, _ reads: (left: Bool, right: Bool, result: Bool), _ a: Tensor, _ b: Tensor, _ y: Tensor, _ state: TapeState) {
    self.label = label
    self.rule = rule
    (leftShape, rightShape) = (a.shape, b.shape)
    if reads.left { left = a; guards.0 = Guarded(a) }
    if reads.right { right = b; guards.1 = Guarded(b) }
    if reads.result { result = y.detached(); guards.2 = Guarded(y) }
    super.init(a.edge, b.edge, state)
  }

  override var name: String { label }
  override var isUnchanged: Bool {
    guards.0?.isUnchanged != false && guards.1?.isUnchanged != false && guards.2?.isUnchanged != false
  }
  override func forget() {
    (left, right, result) = (nil, nil, nil)
    guards = (nil, nil, nil)
  }

  override func pull(_ incoming: Tensor, owned: Bool, _ pass: BackwardPass) throws {
    switch rule {
    case .zero:
      try pass.send(Tensor(leftShape, incoming.dtype, zeroed: true, at: label), owned: true, to: first)
      try pass.send(Tensor(rightShape, incoming.dtype, zeroed: true, at: label), owned: true, to: second)
    case .signs(let left, let right): try pullSum(incoming, owned, left, right, pass)
    case .kernel(let kernel): try pullKernel(kernel, incoming, owned, pass)
    }
  }

  /// The incoming gradient itself goes on, and is shared where both sides keep it.
  private func pullSum(_ incoming: Tensor, _ owned: Bool, _ left: Int, _ right: Int, _ pass: BackwardPass) throws {
    let hasLeft = first.leads
    var stillOwned = owned
    // Right first: a leaf adds the gradient to its own and leaves it to the left operand.
    if second.leads {
      if right > 0, rightShape == incoming.shape {
        let kept = try pass.send(incoming, owned: owned && !hasLeft, to: second)
        if kept { stillOwned = false }
      } else {
        let sum = try incoming.summed(to: rightShape)
        try pass.send(right > 0 ? sum : sum.negated(), owned: right < 0 || sum !== incoming, to: second)
      }
    }
    guard hasLeft else { return }
    let sum = try incoming.summed(to: leftShape)
    try pass.send(sum, owned: stillOwned || sum !== incoming, to: first)
  }

  private func pullKernel(_ kernel: BinaryKernel, _ incoming: Tensor, _ owned: Bool, _ pass: BackwardPass) throws {
    let g = incoming.isContiguous ? incoming : try incoming.copied()
    // What nobody else holds is written over by the last to read it.
    let mine = owned || g !== incoming
    if second.leads {
      let back = mine && !first.leads ? g : try Tensor(like: g, g.dtype, at: label)
      fill(back, kernel, byLeft: false, g)
      try pass.send(back.summed(to: rightShape), owned: true, to: second)
    }
    if first.leads {
      let back = mine ? g : try Tensor(like: g, g.dtype, at: label)
      fill(back, kernel, byLeft: true, g)
      try pass.send(back.summed(to: leftShape), owned: true, to: first)
    }
  }

  private func fill(_ back: Tensor, _ kernel: BinaryKernel, byLeft: Bool, _ incoming: Tensor) {
    let shape = incoming.shape, type = incoming.dtype
    let g = UnsafeRawPointer(incoming.start), out = back.start
    let a = left.map { UnsafeRawPointer($0.start) } ?? g, b = right.map { UnsafeRawPointer($0.start) } ?? g
    let y = result.map { UnsafeRawPointer($0.start) } ?? g
    let isDense = (left.map { $0.isContiguous && leftShape == shape } ?? true) && (right.map { $0.isContiguous && rightShape == shape } ?? true)
    if isDense {
      kernel(type, byLeft, g, a, 1, b, 1, y, out, incoming.count)
      return
    }
    let flat = [Int](repeating: 0, count: shape.rank), size = type.byteCount
    var done = 0
    StridedLoop.run(shape.dimensions, [left?.strides(stretchedTo: shape) ?? flat, right?.strides(stretchedTo: shape) ?? flat]) { at, length, step in
      kernel(type, byLeft, g + done, a + at[0] * size, step[0], b + at[1] * size, step[1], y + done, out + done, length)
      done += length * size
    }
  }
}
