import FluxCore

/// One function of one number: its value and its derivative, side by side.
protocol UnaryRule: Sendable {
  /// As a user calls it: `tanh`.
  static var name: String { get }
  /// What ``derivative(_:_:)`` reads: x, and y.
  static var reads: (input: Bool, output: Bool) { get }
  /// Whether the derivative is 0 everywhere.
  static var isFlat: Bool { get }
  func value<T: Scalar>(_ x: T) -> T
  /// df/dx at `x`, where `y` is the value there.
  func derivative<T: Scalar>(_ x: T, _ y: T) -> T
  /// The same as ``value(_:)`` over a run of float32; kernels with vectors stand in here.
  func map(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int)
  /// out = g · f′(x) over a run of float32, exactly 0 where g is; false when there is no kernel for it. `out` may be `g`.
  func pull(_ g: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>, _ count: Int) -> Bool
}

/// A function that keeps int64 in int64; the others answer in float64.
protocol IntegerRule: UnaryRule {
  func value(_ x: Int64) -> Int64
}

extension UnaryRule {
  static var isFlat: Bool { false }
  @inline(__always) func map(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) {
    for i in 0..<count { y[i] = value(x[i]) }
  }
  @inline(__always) func pull(_ g: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>, _ count: Int) -> Bool {
    false
  }
}

/// Elementwise operations. Where the incoming gradient is zero the outgoing one is
/// exactly zero, whatever the derivative: a missing value (NaN) that a NaN-aware
/// reduction has skipped never comes back as 0 × NaN.
extension Tensor {
  func apply<R: UnaryRule>(_ rule: R) throws -> Tensor {
    if dtype == .int64 { return try applyToIntegers(rule) }
    let x = isContiguous ? self : try copied()
    let y = try Tensor(like: x, dtype, names: names, at: "Tensor:\(R.name)")
    switch dtype {
    case .float32: rule.map(x.pointer(Float.self), y.mutable(Float.self), count)
    case .float64:
      let px = x.pointer(Double.self), py = y.mutable(Double.self)
      for i in 0..<count { py[i] = rule.value(px[i]) }
    case .int64: break
    }
    if isTracked {
      let state = TapeState.current
      if state.isRecording { y.node = UnaryNode(R.name, R.isFlat ? nil : Self.kernel(rule), R.reads, edge, x, y, state) }
    }
    return y
  }

  /// The gradient's loop for one rule. A closure, not a method of a generic node: the compiler makes
  /// concrete code of the former only.
  private static func kernel<R: UnaryRule>(_ rule: R) -> UnaryKernel {
    { type, g, x, y, out, count in
      if type == .float32 {
        let isDone = rule.pull(g.assumingMemoryBound(to: Float.self), x.assumingMemoryBound(to: Float.self), y.assumingMemoryBound(to: Float.self),
          out.assumingMemoryBound(to: Float.self), count)
        if !isDone { pull(rule, Float.self, g, x, y, out, count) }
      } else { pull(rule, Double.self, g, x, y, out, count) }
    }
  }

  @inline(__always)
  private static func pull<R: UnaryRule, T: Scalar>(_ rule: R, _: T.Type, _ g: UnsafeRawPointer, _ x: UnsafeRawPointer, _ y: UnsafeRawPointer,
    _ out: UnsafeMutableRawPointer, _ count: Int
  ) {
    let px = x.assumingMemoryBound(to: T.self), py = y.assumingMemoryBound(to: T.self), out = out.assumingMemoryBound(to: T.self)
    let reads = R.reads
    if UnsafeRawPointer(out) == g {
      // One name for one block, or the compiler fears overlaps and leaves its vectors unused.
      for i in 0..<count {
        let v = out[i]
        out[i] = v == 0 ? 0 : v * rule.derivative(reads.input ? px[i] : v, reads.output ? py[i] : v)
      }
    } else {
      let g = g.assumingMemoryBound(to: T.self)
      for i in 0..<count {
        let v = g[i]
        out[i] = v == 0 ? 0 : v * rule.derivative(reads.input ? px[i] : v, reads.output ? py[i] : v)
      }
    }
  }

  private func applyToIntegers<R: UnaryRule>(_ rule: R) throws -> Tensor {
    guard let rule = rule as? any IntegerRule else { return try converted(to: .float64).apply(rule) }
    let x = try contiguous()
    let y = try Tensor(like: x, .int64, names: names, at: "Tensor:\(R.name)")
    let px = x.pointer(Int64.self), py = y.mutable(Int64.self)
    for i in 0..<count { py[i] = rule.value(px[i]) }
    return y
  }
}

/// out = g · f′(x), where y = f(x); what the rule does not read is any pointer.
private typealias UnaryKernel = (_ type: DType, _ g: UnsafeRawPointer, _ x: UnsafeRawPointer, _ y: UnsafeRawPointer,
  _ out: UnsafeMutableRawPointer, _ count: Int) -> Void

private final class UnaryNode: Node {
  private let label: String
  /// Nil where the derivative is 0 everywhere.
  private let kernel: UnaryKernel?
  private var x: Guarded?, y: Guarded?
  private let offset: Int

  init(_ label: String, _ kernel: UnaryKernel?, _ reads: (input: Bool, output: Bool), _ edge: Edge, _ x: Tensor, _ y: Tensor, _ state: TapeState) {
    self.label = label
    self.kernel = kernel
    offset = x.offset * x.dtype.byteCount
    self.x = reads.input ? Guarded(x) : nil
    self.y = reads.output ? Guarded(y) : nil
    super.init(edge, .none, state)
  }

  override var name: String { label }
  override var isUnchanged: Bool { x?.isUnchanged != false && y?.isUnchanged != false }
  override func forget() { (x, y) = (nil, nil) }

  override func pull(_ incoming: Tensor, owned: Bool, _ pass: BackwardPass) throws {
    guard let kernel else {
      let zero = try Tensor(incoming.shape, incoming.dtype, zeroed: true, at: label)
      try pass.send(zero, owned: true, to: first)
      return
    }
    let g = incoming.isContiguous ? incoming : try incoming.copied()
    // What nobody else holds is written over.
    let result = owned || g !== incoming ? g : try Tensor(like: g, g.dtype, at: label)
    let from = UnsafeRawPointer(g.start)
    kernel(g.dtype, from, x.map { UnsafeRawPointer($0.storage.base) + offset } ?? from, y.map { UnsafeRawPointer($0.storage.base) } ?? from,
      result.start, g.count)
    try pass.send(result, owned: true, to: first)
  }
}
