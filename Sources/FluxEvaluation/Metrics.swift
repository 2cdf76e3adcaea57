import FluxCore
import FluxData

/// Measures of agreement between two lists of numbers; pairs with a missing value (NaN) are left out.
///
/// An infinite value is no missing one: a run that went to infinity has an infinite RMSE and no correlation, as NumPy has it.
public enum Metrics {
  private static func pairs(_ a: [Double], _ b: [Double]) -> ([Double], [Double]) {
    let kept = zip(a, b).filter { !$0.0.isNaN && !$0.1.isNaN }
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
    for i in modelled.indices where !modelled[i].isNaN && !observed[i].isNaN {
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

  /// The fewest years of an interannual variability (SCIENCE §10).
  public static let fewestYears = 10

  /// The interannual variability: the standard deviation (n − 1) of annual totals around their straight line in time.
  ///
  /// - Parameter annual: year after year; missing ones (NaN) are left out, the others keep their place in time.
  /// - Returns: NaN below 10 present years.
  public static func iav(_ annual: [Double]) -> Double {
    let present = annual.indices.filter { !annual[$0].isNaN }
    guard present.count >= fewestYears else { return .nan }
    let n = Double(present.count), mt = mean(present.map(Double.init)), my = mean(present.map { annual[$0] })
    var sty = 0.0, stt = 0.0
    for t in present {
      sty += (Double(t) - mt) * (annual[t] - my)
      stt += (Double(t) - mt) * (Double(t) - mt)
    }
    let slope = sty / stt
    var squares = 0.0
    for t in present {
      let d = annual[t] - my - slope * (Double(t) - mt)
      squares += d * d
    }
    return (squares / (n - 1)).squareRoot()
  }
}
