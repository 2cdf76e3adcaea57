import FluxCore
import FluxTensor
import TestSupport
import Testing

@testable import FluxOperators

@Suite("Spectral clusters")
struct SpectralClustersTests {
  /// Phase-shifted waves of three kinds, shuffled, and which kind each is.
  private func waves(_ count: Int, length: Int = 24, seed: UInt64 = 3) throws -> (series: Tensor, kinds: [Int]) {
    var random = RandomStream(seed: seed, purpose: "waves")
    var values: [Double] = [], kinds: [Int] = []
    for i in 0..<count {
      let kind = i % 7 < 4 ? 0 : i % 7 < 6 ? 1 : 2
      kinds.append(kind)
      for t in 0..<length {
        let angle = Double(t) / Double(length) * 2 * Double.pi
        let shape = kind == 0 ? sine(angle) : kind == 1 ? -sine(angle) : 1.4 * sine(2 * angle)
        values.append(shape + 0.1 * random.normal())
      }
    }
    return (try Tensor(values, shape: [count, length]), kinds)
  }

  private func sine(_ x: Double) -> Double {  // a triangle wave does as well
    let turn = x / (2 * .pi) - (x / (2 * .pi)).rounded(.down)
    return turn < 0.25 ? 4 * turn : turn < 0.75 ? 2 - 4 * turn : 4 * turn - 4
  }

  private func agree(_ a: [Int], _ b: [Int]) -> Bool { zip(a, b).map { "\($0.0) \($0.1)" }.reduce(into: Set()) { $0.insert($1) }.count == Set(b).count }

  @Test("three kinds of waves come out, the most numerous first, and the eigengap finds their number")
  func kinds() throws {
    let (series, kinds) = try waves(70), distances = try DynamicTimeWarping(window: 2).matrix(series)
    var options = SpectralClusters.Options()
    options.range = 2...6
    let found = try SpectralClusters(distances: distances, neighbours: 8, options)
    #expect(found.labels == kinds && found.sizes == [40, 20, 10] && found.pieces == 1)
    #expect(abs(found.eigenvalues[0]) < 1e-12)
  }

  @Test("a block Krylov space gives LAPACK's eigenvalues and vectors, for any number of threads")
  func eigenvectors() throws {
    let (series, _) = try waves(450), d = try DynamicTimeWarping(window: 2).matrix(series)
    let affinity = try d.withDoubles { try #require(NeighbourGraph.affinity(distances: $0, size: 450, neighbours: 6)) }
    func vectors(threads: Int) throws -> LeadingEigenvectors {
      try ThreadPool.withThreadCount(threads) {
        try affinity.withUnsafeBufferPointer { try LeadingEigenvectors(of: $0.baseAddress!, size: 450, count: 5) }
      }
    }
    let krylov = try vectors(threads: 1), again = try vectors(threads: 2)
    #expect(krylov.values == again.values && krylov.vectors == again.vectors)
    // A × v = λ v, and no eigenvalue above: the trace of A² bounds nothing here, so LAPACK is asked about the corner.
    for (value, vector) in zip(krylov.values, krylov.vectors) {
      for i in stride(from: 0, to: 450, by: 13) {
        let row = (0..<450).reduce(0.0) { $0 + affinity[i * 450 + $1] * vector[$1] }
        #expect(abs(row - value * vector[i]) < 1e-7)
      }
    }
    let small = try Array(affinity[..<(450 * 300)]).enumerated().filter { $0.offset % 450 < 300 }.map(\.element)
      .withUnsafeBufferPointer { try LeadingEigenvectors(of: $0.baseAddress!, size: 300, count: 3) }
    #expect(small.isWhole && small.values[0] >= small.values[1] && krylov.values[0] >= small.values[0] - 1e-9)
  }

  @Test("a diagonal matrix has its largest entries as eigenvalues, whatever way they are found", arguments: [40, 500])
  func diagonal(_ n: Int) throws {
    let matrix = (0..<(n * n)).map { $0 % (n + 1) == 0 ? 1 / Double($0 / (n + 1) + 1) : 0 }
    let found = try matrix.withUnsafeBufferPointer { try LeadingEigenvectors(of: $0.baseAddress!, size: n, count: 3) }
    for (k, value) in found.values.enumerated() {
      #expect(abs(value - 1 / Double(k + 1)) < 1e-12)
      #expect(abs(found.vectors[k][k] - 1) < 1e-8)
    }
  }

  @Test("landmarks group the others as the whole matrix does, and say how far to be trusted")
  func landmarks() throws {
    let (series, kinds) = try waves(140)
    var options = SpectralClusters.Options()
    options.count = 3
    let found = try LandmarkClusters(series: series, warping: DynamicTimeWarping(window: 2), neighbours: 8, largest: 50, options)
    #expect(found.landmarks == 50 && found.agreement > 0.95 && agree(found.labels, kinds))
    #expect(try LandmarkClusters(series: series, warping: DynamicTimeWarping(window: 2), neighbours: 8, options).agreement == 1)
  }

  @Test("pieces that nothing joins are groups of their own; equal points are one; a lonely point is refused")
  func degenerate() throws {
    let pieces = try Tensor([0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0], shape: [4, 4])
    var options = SpectralClusters.Options()
    options.count = 2
    let found = try SpectralClusters(affinity: pieces, options)
    #expect(found.pieces == 2 && found.labels == [0, 0, 1, 1])
    #expect(try SpectralClusters(distances: Tensor.zeros([5, 5], .float64)).labels == [0, 0, 0, 0, 0])
    expectRefusal("point 1 is like no other") {
      try SpectralClusters(affinity: Tensor([0, 0, 0, 0], shape: [2, 2]), options)
    }
    expectRefusal("entries [2, 1] and [1, 2] are 0.2 and 0.5; expected equal numbers") {
      try SpectralClusters(affinity: Tensor([1, 0.5, 0.2, 1], shape: [2, 2]))
    }
    expectRefusal("the distances between 1 and 2 are nan and nan; expected equal finite numbers") {
      try SpectralClusters(distances: Tensor([0, .nan, .nan, 0], shape: [2, 2]))
    }
    options.count = 9
    expectRefusal("9 groups of 4 points; expected 1 to 4") { try SpectralClusters(affinity: pieces, options) }
  }
}
