import FluxCore
import FluxTensor
import TestSupport
import Testing

@Suite("Tensors")
struct TensorTests {
  @Test("shapes that do not broadcast are named, with the dimension")
  func broadcastMessage() throws {
    let a = try Tensor([1, 2]), b = try Tensor([1, 2, 3])
    expectRefusal("shapes [2] and [3] do not broadcast: 2 against 3 in dimension 1") { try a.adding(b) }
  }

  @Test("a tensor larger than memory is refused with both numbers")
  func tooLarge() throws {
    expectRefusal("needs 3725.3 GiB of memory; ", " GiB are free") { try Tensor.zeros([1_000_000, 1_000_000]) }
    expectRefusal("more elements than memory can address") { try Tensor.zeros([Int.max / 2, 8]) }
  }

  @Test("float32 with float64 gives float64, a number keeps the type")
  func promotion() throws {
    let f = try Tensor([1, 2] as [Float]), d = try Tensor([1, 2] as [Double])
    #expect(try f.adding(d).dtype == .float64)
    #expect(try f.adding(f.number(2)).dtype == .float32)
  }

  @Test("float32 sums are accumulated in double")
  func accumulation() throws {
    let n = 1 << 22
    let t = try Tensor.full([n], 0.1)
    #expect(abs(try t.sum().item() - Double(Float(0.1)) * Double(n)) < 0.05)
  }

  @Test("views share memory, and a slice assigns")
  func views() throws {
    let t = try Tensor.zeros([2, 3])
    try t.selected(0, 1).assign(Tensor([7, 8, 9] as [Float]))
    #expect(t.doubles() == [0, 0, 0, 7, 8, 9])
    #expect(try t.transposed(0, 1).doubles() == [0, 7, 0, 8, 0, 9])
  }

  @Test("dimension names travel through operations")
  func names() throws {
    let t = try Tensor.ones([2, 3]).named(["region", "month"])
    #expect(try t.exp().sum(1).names == ["region"])
    #expect(try t.adding(Tensor.ones([5, 2, 3]).named(["member", "region", "month"])).names == ["member", "region", "month"])
    expectRefusal("dimensions are named [\"region\", \"month\"] and [\"region\", \"day\"]; expected the same names") {
      try t.adding(Tensor.ones([2, 3]).named(["region", "day"]))
    }
  }

  @Test("a second backward pass needs retain, and gradients accumulate")
  func retain() throws {
    let x = try Tensor([3.0]).requireGradient()
    let y = try x.square().sum()
    try y.backward(retain: true)
    try y.backward()
    #expect(x.gradient?.doubles() == [12])
    expectRefusal("already used") { try y.backward() }
  }

  @Test("a value overwritten after it was recorded is noticed")
  func overwritten() throws {
    let w = try Tensor([2.0]).requireGradient()
    let x = try Tensor([3.0])
    let y = try w.multiplied(by: x).sum()
    try x.assign(Tensor([4.0]))
    expectRefusal("changed in place") { try y.backward() }
  }

  @Test("a tape of two hundred thousand operations is freed without recursion")
  func longTape() throws {
    var x = try Tensor([0.0]).requireGradient()
    for _ in 0..<200_000 { x = try x.adding(x.number(1)) }
    #expect(try x.item() == 200_000)
  }

  @Test("empty tensors and rank 0 behave as in NumPy")
  func corners() throws {
    let empty = try Tensor.zeros([0, 3])
    #expect(try empty.sum().item() == 0)
    #expect(try empty.mean(0).doubles().allSatisfy(\.isNaN))
    expectRefusal("the tensor has shape [0, 3]; expected at least one element") { try empty.max() }
    #expect(try Tensor.scalar(2).adding(Tensor.ones([2, 2])).doubles() == [3, 3, 3, 3])
    #expect(try Tensor.ones([2, 0]).matrixProduct(Tensor.ones([0, 2])).doubles() == [0, 0, 0, 0])
  }

  @Test("positions are int64, from 1; a missing value is found first")
  func positions() throws {
    let t = try Tensor([3, 9, 1, 7, 9, 2], shape: [2, 3])
    let (values, positions) = try t.extremes(.max, 1)
    #expect(values.doubles() == [9, 9] && positions.doubles() == [2, 2] && positions.dtype == .int64)
    #expect(try t.position(of: .min).item() == 3)
    #expect(try Tensor([1, .nan, 5]).position(of: .max).item() == 2)
    #expect(try Tensor.zeros([0, 3]).extremes(.max, 1).positions.shape == [0])
  }

  @Test("sorting keeps the order of equals and puts missing values last, in either direction")
  func sorting() throws {
    let t = try Tensor([2, .nan, 1, 2])
    #expect(try t.sorted(0).positions.doubles() == [3, 1, 4, 2])
    #expect(try t.sorted(0, descending: true).positions.doubles() == [1, 4, 3, 2])
  }

  @Test("int64 stays exact where it can, and becomes float64 where it must")
  func integers() throws {
    let n = try Tensor([1, 2, 3], dtype: .int64)
    #expect(try n.adding(2).dtype == .int64 && n.multiplied(by: n).doubles() == [1, 4, 9])
    #expect(try n.sum().dtype == .int64 && n.mean().item() == 2 && n.mean().dtype == .float64)
    #expect(try n.divided(by: 2).doubles() == [0.5, 1, 1.5])
    #expect(try n.adding(Tensor([0.5] as [Float])).dtype == .float32)
    #expect(try n.greater(1.5).doubles() == [0, 1, 1] && n.greater(1.5).dtype == .float32)
    expectRefusal("0.5 in an int64 tensor; expected a whole number") { try n.adding(0.5) }
    expectRefusal("the tensor is int64; expected float32 or float64") { try n.requireGradient() }
    expectRefusal("nan cannot be a whole number") { try Tensor([1, .nan]).converted(to: .int64) }
  }

  @Test("an operation without gradient is refused by its name while recording")
  func withoutGradient() throws {
    let x = try Tensor([1.0, 2]).requireGradient()
    for (name, run) in [("argmax", { try x.position(of: .max) }), ("long", { try x.converted(to: .int64) })] as [(String, () throws -> Tensor)] {
      expectRefusal("'\(name)' has no gradient") { try run() }
      #expect(try Tape.withoutRecording { try run() }.dtype == .int64)
    }
    try x.greater(1.5).adding(x.sign()).adding(x.floor()).sum().backward()
    #expect(x.gradient?.doubles() == [0, 0])
  }

  @Test("only a change that would falsify a gradient is refused")
  func guards() throws {
    let x = try Tensor([1.0, 2]).requireGradient()
    let sum = try x.adding(1).sum(), power = try x.exp().sum()
    let y = try x.exp(), z = try y.sum()
    try Tape.withoutRecording { try x.assign(Tensor([5.0, 6])) }
    try sum.backward()
    try power.backward()  // eˣ needs its result, not x
    try Tape.withoutRecording { try y.assign(Tensor([0.0, 0])) }
    expectRefusal("'exp' needs was changed in place") { try z.backward() }
    let buffer = try Tensor.zeros([2], .float64)
    expectRefusal("their gradient would be lost") { try buffer.selected(0, 0).assign(x.sum()) }
    expectRefusal("the tensor was stretched by :expand") {
      try Tensor.zeros([1]).expanded(to: [3]).assign(Tensor([1, 2, 3]))
    }
  }

  @Test("a gradient once taken is not changed by later passes")
  func takenGradient() throws {
    let x = try Tensor([1.0]).requireGradient()
    try x.multiplied(by: 3).sum().backward()
    let first = try #require(x.gradient)
    try x.multiplied(by: 4).sum().backward()
    #expect(first.doubles() == [3] && x.gradient?.doubles() == [7])
  }

  @Test("value and gradients leave the gradients of other leaves alone")
  func valueAndGradients() throws {
    let w = try Tensor([2.0]).requireGradient(), x = try Tensor([3.0])
    let (value, gradients) = try Tensor.valueAndGradients(at: [x]) { try $0[0].multiplied(by: w).sum() }
    #expect(try value.item() == 6 && gradients[0].doubles() == [2] && w.gradient == nil)
  }

  @Test("names: none stands for a new dimension, what is named twice is not named")
  func mergedNames() throws {
    let t = try Tensor.ones([2, 3]).named(["region", "month"])
    #expect(try t.unsqueezed(0).names == ["", "region", "month"])
    #expect(try t.adding(Tensor.ones([5, 2, 3])).names == ["", "region", "month"])
    #expect(try t.reshaped([2, 3, 1]).names == ["region", "month", ""])
    #expect(try t.matrixProduct(t.transposed(0, 1)).names == nil)
    #expect(try Tensor.stacked([t, t], 0, name: "member").names == ["member", "region", "month"])
    expectRefusal("the summed dimension is named 'month' and 'day'; expected one name") {
      try t.matrixProduct(Tensor.ones([3, 2]).named(["day", "x"]))
    }
  }

  @Test("shapes beyond reason are refused, not attempted")
  func unreasonable() throws {
    expectRefusal("[1099511627776, 1099511627776] has more elements than memory can address") {
      try Tensor.ones([1]).expanded(to: [1 << 40, 1 << 40])
    }
    expectRefusal("a dimension has length -1 in [-1, -1]") { try Tensor.identity(-1) }
    expectRefusal("tensor.arange: the tensor needs 4194304.0 GiB of memory") {
      try Tensor.generated(1 << 50, .float32, at: "tensor.arange") { Double($0) }
    }
    #expect(try Tensor.zeros([0, 1 << 40, 1 << 40]).count == 0)
  }
}
