import FluxCore
import FluxData

/// Measures of agreement between two lists of numbers; pairs with a missing value are left out.
public enum Metrics {
  private static func pairs(_ a: [Double], _ b: [Double]) -> ([Double], [Double]) {
    let kept = zip(a, b).filter { $0.0.isFinite && $0.1.isFinite }
    return (kept.map(\.0), kept.map(\.1))
  }

  private static func varies(_ a: [Double]) -> Bool { a.contains { $0 != a[0] } }

  static func mean(_ a: [Double]) -> Double { a.isEmpty ? .nan : a.reduce(0, +) / Double(a.count) }

  /// Pearson's correlation; NaN when one side does not vary.
  public static func pearson(_ a: [Double], _ b: [Double]) -> Double {
    let (x, y) = pairs(a, b), mx = mean(x), my = mean(y)
    // The mean of equal numbers need not be that number: what is left over is no variation.
    guard varies(x), varies(y) else { return .nan }
    var sxy = 0.0, sxx = 0.0, syy = 0.0
    for i in x.indices {
      sxy += (x[i] - mx) * (y[i] - my)
      sxx += (x[i] - mx) * (x[i] - mx)
      syy += (y[i] - my) * (y[i] - my)
    }
    return sxx > 0 && syy > 0 ? max(-1, min(1, sxy / (sxx.squareRoot() * syy.squareRoot()))) : .nan
  }

  /// The root of the mean squared difference, in the unit of the values.
  public static func rmse(_ modelled: [Double], _ observed: [Double], weight: [Double]? = nil) -> Double {
    var sum = 0.0, total = 0.0
    for i in modelled.indices where modelled[i].isFinite && observed[i].isFinite {
      let w = weight?[i] ?? 1
      sum += w * (modelled[i] - observed[i]) * (modelled[i] - observed[i])
      total += w
    }
    return total > 0 ? (sum / total).squareRoot() : .nan
  }

  /// The mean of modelled minus observed.
  public static func bias(_ modelled: [Double], _ observed: [Double]) -> Double {
    let (x, y) = pairs(modelled, observed)
    return mean(zip(x, y).map { $0 - $1 })
  }

  /// The share of the observed variance that is explained: 1 − Σ(m − o)² / Σ(o − ō)², the Nash–Sutcliffe efficiency; NaN when the observed do not vary.
  public static func r2(_ modelled: [Double], _ observed: [Double]) -> Double {
    let (x, y) = pairs(modelled, observed), my = mean(y)
    guard varies(y) else { return .nan }
    let variance = y.reduce(0) { $0 + ($1 - my) * ($1 - my) }
    return variance > 0 ? 1 - zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / variance : .nan
  }

  /// The normalised Nash–Sutcliffe efficiency, 1 / (2 − NSE): 1 is perfect, ½ the observed mean (paper Fig. 4).
  public static func nnse(_ modelled: [Double], _ observed: [Double]) -> Double { 1 / (2 - r2(modelled, observed)) }

  /// The interannual variability: the standard deviation (n − 1) of linearly detrended annual totals;
  /// NaN below 10 years (SCIENCE §10).
  public static func iav(_ annual: [Double]) -> Double {
    guard annual.count >= 10, annual.allSatisfy(\.isFinite) else { return .nan }
    let n = Double(annual.count), mt = (n - 1) / 2, my = mean(annual)
    var sty = 0.0, stt = 0.0
    for (t, y) in annual.enumerated() {
      sty += (Double(t) - mt) * (y - my)
      stt += (Double(t) - mt) * (Double(t) - mt)
    }
    let slope = sty / stt
    var squares = 0.0
    for (t, y) in annual.enumerated() {
      let d = y - my - slope * (Double(t) - mt)
      squares += d * d
    }
    return (squares / (n - 1)).squareRoot()
  }
}
