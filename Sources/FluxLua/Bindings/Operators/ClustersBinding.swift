import FluxOperators
import FluxCore
import FluxTensor
import LuaRuntime

let clustersMembers: [LuaModule.Member] = [
  .function("clusters", """
    (affinity: Tensor, k?: integer, {distances: boolean = false, series: boolean = false, neighbours: integer = 10, window: integer|string, \
    landmarks: integer = 1500, smallest: integer = 4, largest: integer = 12, starts: integer = 20, seed: integer = 1}) -> table
    """, """
    spectral groups of an affinity [point, point], of distances (joined with the nearest neighbours and a spanning tree), or of series \
    [series, time]; k by the largest eigengap unless given; gives labels [point] from 1, the largest group first, sizes, k, eigenvalues, \
    pieces, and for series landmarks and their agreement
    """,
    example: """
      t = tensor.linspace(0, 6.28, 23)
      waves = tensor.stack { t:sin(), (t + 0.1):sin(), t:cos(), (t + 0.1):cos(), (t - 0.1):cos() }
      groups = bridge.clusters(bridge.dtw(waves, { window = 1 }), 2, { distances = true, neighbours = 1 })
      groups.sizes[1], groups.labels[1], groups.labels[5]  --> 3  2  1
      """
  ) { call in
    let given: Tensor = try call.argument(1, "affinity"), options = try call.options(3)
    var spectral = SpectralClusters.Options()
    spectral.count = call.argument(2, if: Int.self)
    let smallest = try options.value("smallest", default: 4), largest = try options.value("largest", default: 12)
    guard smallest >= 1, smallest <= largest else {
      throw FluxError("from \(smallest) to \(largest) groups", at: call.place, expected: "smallest up to largest, 1 or more")
    }
    spectral.range = smallest...largest
    spectral.starts = max(1, try options.value("starts", default: 20))
    spectral.seed = UInt64(bitPattern: Int64(try options.value("seed", default: 1)))
    let neighbours = try options.value("neighbours", default: 10)
    func numbered(_ labels: [Int]) throws -> Tensor { try Tensor(labels.map { Double($0 + 1) }, dtype: .int64) }
    if try options.value("series", default: false) {
      guard given.rank == 2 else { throw FluxError("series of shape \(given.shape)", at: call.place, expected: "[series, time]") }
      let warping = DynamicTimeWarping(window: try options.window(length: given.shape[1])), landmarks = try options.value("landmarks", default: 1500)
      guard landmarks >= 2 else { throw FluxError("\(landmarks) landmarks", at: call.place, expected: "2 or more") }
      let found = try LandmarkClusters(series: given, warping: warping, neighbours: neighbours, largest: landmarks, spectral)
      return LuaTable(fields: [
        "labels": try numbered(found.labels), "sizes": found.sizes, "k": found.sizes.count, "landmarks": found.landmarks, "agreement": found.agreement,
      ])
    }
    let found = try options.value("distances", default: false)
      ? SpectralClusters(distances: given, neighbours: neighbours, spectral) : SpectralClusters(affinity: given, spectral)
    return LuaTable(fields: [
      "labels": try numbered(found.labels), "sizes": found.sizes, "k": found.sizes.count, "eigenvalues": try Tensor(found.eigenvalues),
      "pieces": found.pieces,
    ])
  }
]
