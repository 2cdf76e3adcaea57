internal import COpenBLAS
import FluxCore
import FluxData
import FluxObservations

/// The yardstick of every network: one linear fit per land cover class, on the same folds.
public enum LinearFit {
  /// NEE of every sample by the fit that has not seen its site, gC m⁻² d⁻¹.
  ///
  /// A class without enough training samples takes the fit of all classes; test sites are predicted by the fit of all folds.
  ///
  /// - Returns: shape `[sample]`.
  /// - Throws: ``FluxError`` when a system cannot be solved.
  public static func outOfFold(_ samples: SiteDays, _ folds: Folds) throws -> [Double] {
    let classOf = samples.siteIndex.map { samples.sites[Int($0)].igbp }, foldOf = samples.siteIndex.map { folds.fold[Int($0)] }
    var predicted = [Double](repeating: .nan, count: samples.count)
    for held in [Folds.test] + Array(0..<folds.count) where foldOf.contains(held) {
      let training = foldOf.indices.filter { foldOf[$0] != held && foldOf[$0] != Folds.test }
      let all = try fit(samples, training)
      var own: [String: [Double]] = [:]
      for (name, rows) in Dictionary(grouping: training, by: { classOf[$0] }) where rows.count > 20 * samples.driverCount {
        own[name] = try fit(samples, rows)
      }
      for row in foldOf.indices where foldOf[row] == held {
        let beta = own[classOf[row]] ?? all
        var sum = beta[samples.driverCount]
        for k in 0..<samples.driverCount { sum += beta[k] * Double(samples.drivers[row * samples.driverCount + k]) }
        predicted[row] = sum
      }
    }
    return predicted
  }

  /// Weighted least squares with an intercept, by normal equations of standardised drivers with a trace of ridge:
  /// indicators of classes are collinear.
  private static func fit(_ samples: SiteDays, _ rows: [Int]) throws -> [Double] {
    let width = samples.driverCount, size = width + 1
    var mean = [Double](repeating: 0, count: width), deviation = mean
    for row in rows { for k in 0..<width { mean[k] += Double(samples.drivers[row * width + k]) / Double(rows.count) } }
    for row in rows {
      for k in 0..<width {
        let d = Double(samples.drivers[row * width + k]) - mean[k]
        deviation[k] += d * d / Double(rows.count)
      }
    }
    deviation = deviation.map { $0 > 1e-20 ? $0.squareRoot() : 1 }
    var normal = [Double](repeating: 0, count: size * size), right = [Double](repeating: 0, count: size)
    var z = [Double](repeating: 1, count: size)
    for row in rows {
      for k in 0..<width { z[k] = (Double(samples.drivers[row * width + k]) - mean[k]) / deviation[k] }
      let y = Double(samples.nee[row])
      for i in 0..<size {
        right[i] += z[i] * y
        for j in 0...i { normal[i * size + j] += z[i] * z[j] }
      }
    }
    for i in 0..<width { normal[i * size + i] += 1e-6 * Double(rows.count) }
    // Row-major lower is column-major upper.
    var upper = CChar(85), n = Int32(size), one: Int32 = 1, info: Int32 = 0
    dposv_(&upper, &n, &one, &normal, &n, &right, &n, &info)
    guard info == 0 else { throw FluxError("LAPACK's dposv answered \(info)", at: "metrics.linear_fit", expected: "0") }
    var beta = (0..<width).map { right[$0] / deviation[$0] }
    beta.append(right[width] - (0..<width).reduce(0) { $0 + beta[$1] * mean[$1] })
    return beta
  }
}
