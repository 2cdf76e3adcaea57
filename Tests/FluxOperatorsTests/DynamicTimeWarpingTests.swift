import FluxCore
import FluxTensor
import Glibc
import TestSupport
import Testing

@testable import FluxOperators

@Suite("Dynamic time warping")
struct DynamicTimeWarpingTests {
  private func series(_ count: Int, _ length: Int, seed: UInt64 = 1) -> [[Double]] {
    var random = RandomStream(seed: seed, purpose: "series")
    return (0..<count).map { _ in (0..<length).map { _ in random.normal() } }
  }

  private func tensor(_ series: [[Double]]) throws -> Tensor {
    try Tensor(series.flatMap { $0 }, shape: [series.count, series[0].count])
  }

  /// The least cost over every path there is, one by one.
  private func overAllPaths(_ a: [Double], _ b: [Double], window: Int?, absolute: Bool) -> Double {
    func least(_ p: Int, _ q: Int) -> Double {
      if p < 0 || q < 0 || abs(p - q) > window ?? .max { return .infinity }
      let cost = absolute ? abs(a[p] - b[q]) : (a[p] - b[q]) * (a[p] - b[q])
      if p == 0, q == 0 { return cost }
      return cost + min(least(p - 1, q - 1), least(p - 1, q), least(p, q - 1))
    }
    return least(a.count - 1, b.count - 1)
  }

  @Test("the distance is the least over every path, whatever band and cost", arguments: [nil, 0, 1, 3, 6] as [Int?], [false, true])
  func bruteForce(window: Int?, absolute: Bool) throws {
    let list = series(5, 7)
    var warping = DynamicTimeWarping(window: window)
    warping.cost = absolute ? .absolute : .squared
    warping.root = !absolute
    let found = try warping.matrix(tensor(list)).doubles()
    for i in 0..<5 {
      for j in 0..<5 {
        let cost = overAllPaths(list[i], list[j], window: window, absolute: absolute)
        #expect(abs(found[i * 5 + j] - (absolute ? cost : cost.squareRoot())) < 1e-12)
      }
    }
  }

  @Test("a shift by one step costs nothing at the ends that repeat")
  func shift() throws {
    let d = try DynamicTimeWarping(window: 1).matrix(tensor([[0, 1, 2, 1, 0, 0], [0, 0, 1, 2, 1, 0]])).doubles()
    #expect(d == [0, 0, 0, 0])
    #expect(try DynamicTimeWarping(window: 0).matrix(tensor([[0, 1], [1, 1]])).doubles() == [0, 1, 1, 0])
  }

  @Test("the matrix is symmetric, and the same bits for one thread and for two")
  func threads() throws {
    let list = try tensor(series(70, 40))
    let one = try ThreadPool.withThreadCount(1) { try DynamicTimeWarping(window: 4).matrix(list).doubles() }
    let two = try ThreadPool.withThreadCount(2) { try DynamicTimeWarping(window: 4).matrix(list).doubles() }
    #expect(one == two)
    for i in 0..<70 { for j in 0..<70 { #expect(one[i * 70 + j] == one[j * 70 + i] && (i != j || one[i * 70 + j] == 0)) } }
  }

  @Test("distances to other series are those of the matrix of both")
  func rectangle() throws {
    let list = series(43, 12), all = try DynamicTimeWarping(window: 2).matrix(tensor(list)).doubles()
    let part = try DynamicTimeWarping(window: 2).distances(from: tensor(Array(list[..<3])), to: tensor(Array(list[3...]))).doubles()
    for i in 0..<3 { for j in 0..<40 { #expect(part[i * 40 + j] == all[i * 43 + 3 + j]) } }
  }

  @Test("a limit keeps every distance up to it exact, and makes the others infinite")
  func limit() throws {
    let list = try tensor(series(50, 60) + series(50, 60, seed: 2).map { $0.map { $0 + 9 } })
    var warping = DynamicTimeWarping(window: 6)
    let all = try warping.matrix(list).doubles()
    warping.limit = all.sorted()[all.count / 3]
    for (exact, limited) in zip(all, try warping.matrix(list).doubles()) {
      #expect(limited == (exact <= warping.limit ? exact : .infinity))
    }
  }

  @Test("a checkpoint that was cut off is gone on from, and one of other series is refused")
  func checkpoint() throws {
    let path = "/tmp/fluxbridge-dtw-\(getpid()).part", list = try tensor(series(100, 20))
    defer { unlink(path) }
    let warping = DynamicTimeWarping(window: 3), whole = try warping.matrix(list).doubles()
    #expect(try warping.matrix(list, checkpoint: path).doubles() == whole)
    truncate(path, 3 * (1024 * 8 + 16) + 500)  // two whole records, the third torn
    #expect(try warping.matrix(list, checkpoint: path).doubles() == whole)
    expectRefusal("other series or options") { try DynamicTimeWarping(window: 4).matrix(list, checkpoint: path) }
  }

  @Test("missing values and unequal lengths are refused, with their place")
  func refused() throws {
    expectRefusal("series 2 is missing at time 2") {
      try DynamicTimeWarping(window: 1).matrix(tensor([[1, 2], [3, .nan]]))
    }
    expectRefusal("series of 2 times against series of 3; expected one length") {
      try DynamicTimeWarping(window: 1).distances(from: tensor([[1, 2]]), to: tensor([[1, 2, 3]]))
    }
    expectRefusal("the window is -1; expected steps, 0 or more") {
      try DynamicTimeWarping(window: -1).matrix(tensor([[1, 2]]))
    }
  }
}
