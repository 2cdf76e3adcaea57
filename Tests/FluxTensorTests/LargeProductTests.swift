import FluxCore
import Testing

@testable import FluxTensor

@Suite("A matrix product of several blocks")
struct LargeProductTests {
  /// Beyond 2³⁰ multiplications, rows that do not divide evenly, and a transposed left side.
  @Test("has the rows that each would have alone, the same on one and two threads", arguments: [false, true])
  func blocks(transposed: Bool) throws {
    var random = RandomStream(seed: 6)
    let (n, k, m) = (1501, 900, 1000)
    let shape = transposed ? [k, n] : [n, k]
    let stored = try Tensor((0..<(n * k)).map { _ in random.uniform() - 0.5 }, shape: Shape(shape), dtype: .float32)
    let left = transposed ? try stored.transposed(0, 1) : stored
    let right = try Tensor((0..<(k * m)).map { _ in random.uniform() - 0.5 }, shape: Shape([k, m]), dtype: .float32)
    var products: [[Float]] = []
    for threads in [1, 2] {
      products.append(try ThreadPool.withThreadCount(threads) { try left.matrixProduct(right).floats() })
    }
    #expect(products[0] == products[1])
    let a = left.doubles(), b = right.doubles()
    for row in [0, 1, 749, 1192, 1193, 1500] {
      for column in [0, 17, 999] {
        let exact = (0..<k).reduce(0.0) { $0 + a[row * k + $1] * b[$1 * m + column] }
        #expect(abs(Double(products[0][row * m + column]) - exact) < 1e-4)
      }
    }
  }
}
