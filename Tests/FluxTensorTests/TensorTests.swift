import FluxCore
import FluxTensor
import Testing

@Suite("Tensors")
struct TensorTests {
  @Test("shapes that do not broadcast are named, with the dimension")
  func broadcastMessage() throws {
    let a = try Tensor([1, 2]), b = try Tensor([1, 2, 3])
    let error = #expect(throws: FluxError.self) { try a.adding(b) }
    #expect(error?.description.contains("shapes [2] and [3] do not broadcast: 2 against 3 in dimension 1") == true)
  }

  @Test("a tensor larger than memory is refused with both numbers")
  func tooLarge() throws {
    let error = #expect(throws: FluxError.self) { try Tensor.zeros([1_000_000, 1_000_000]) }
    let text = try #require(error).description
    #expect(text.contains("3725.3 GiB") && text.contains("are free"))
    let overflow = #expect(throws: FluxError.self) { try Tensor.zeros([Int.max / 2, 8]) }
    #expect(overflow?.description.contains("more elements than memory can address") == true)
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
    #expect(throws: FluxError.self) { try t.adding(Tensor.ones([2, 3]).named(["region", "day"])) }
  }

  @Test("a second backward pass needs retain, and gradients accumulate")
  func retain() throws {
    let x = try Tensor([3.0]).requireGradient()
    let y = try x.square().sum()
    try y.backward(retain: true)
    try y.backward()
    #expect(x.gradient?.doubles() == [12])
    let error = #expect(throws: FluxError.self) { try y.backward() }
    #expect(error?.description.contains("already used") == true)
  }

  @Test("a value overwritten after it was recorded is noticed")
  func overwritten() throws {
    let w = try Tensor([2.0]).requireGradient()
    let x = try Tensor([3.0])
    let y = try w.multiplied(by: x).sum()
    try x.assign(Tensor([4.0]))
    let error = #expect(throws: FluxError.self) { try y.backward() }
    #expect(error?.description.contains("changed in place") == true)
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
    #expect(throws: FluxError.self) { try empty.max() }
    #expect(try Tensor.scalar(2).adding(Tensor.ones([2, 2])).doubles() == [3, 3, 3, 3])
    #expect(try Tensor.ones([2, 0]).matrixProduct(Tensor.ones([0, 2])).doubles() == [0, 0, 0, 0])
  }
}
