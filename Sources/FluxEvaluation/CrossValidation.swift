import FluxCore
import FluxData
import FluxDocument
import FluxObservations

/// How well predictions out of fold recover days, site means, site seasonal cycles and anomalies.
public struct CrossValidation: Sendable {
  /// R² (1 − Σ(m − o)² / Σ(o − ō)²) and RMSE, gC m⁻² d⁻¹.
  public struct Score: Sendable {
    public let r2, rmse: Double
    init(_ modelled: [Double], _ observed: [Double]) {
      r2 = Metrics.r2(modelled, observed)
      rmse = Metrics.rmse(modelled, observed)
    }
  }

  public let sites, days: Int
  public let daily, siteMeans, cycles, anomalies: Score
  /// 95 % intervals of the daily R² and RMSE, by drawing sites with replacement; nil of a single site.
  public let r2Interval, rmseInterval: ClosedRange<Double>?

  /// - Parameters:
  ///   - predicted: out of fold, gC m⁻² d⁻¹, NaN where missing: such days are left out. Shape `[sample]`.
  ///   - rows: the samples that count.
  ///   - draws: of the bootstrap.
  public init(_ predicted: [Double], _ samples: SiteDays, rows: [Int], draws: Int = 1000, seed: UInt64 = 1) {
    let rows = rows.filter { !predicted[$0].isNaN && !samples.nee[$0].isNaN }
    let bySite = Dictionary(grouping: rows) { samples.siteIndex[$0] }.sorted { $0.key < $1.key }.map(\.value)
    var means: ([Double], [Double]) = ([], []), cycles = means, anomalies = means
    // Per site: n, Σo, Σo², Σ(m − o)², which is all that a resampled R² needs.
    var sums: [(n: Double, o: Double, oo: Double, e: Double)] = []
    for site in bySite {
      let m = site.map { predicted[$0] }, o = site.map { Double(samples.nee[$0]) }
      let mm = Metrics.mean(m), mo = Metrics.mean(o)
      means.0.append(mm)
      means.1.append(mo)
      let months = Dictionary(grouping: site.indices) { samples.days[site[$0]].month }.sorted { $0.key < $1.key }
      for (_, days) in months {
        let cm = Metrics.mean(days.map { m[$0] }), co = Metrics.mean(days.map { o[$0] })
        cycles.0.append(cm - mm)
        cycles.1.append(co - mo)
        for d in days {
          anomalies.0.append(m[d] - cm)
          anomalies.1.append(o[d] - co)
        }
      }
      sums.append((Double(o.count), o.reduce(0, +), o.reduce(0) { $0 + $1 * $1 }, zip(m, o).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }))
    }
    sites = bySite.count
    days = rows.count
    daily = Score(rows.map { predicted[$0] }, rows.map { Double(samples.nee[$0]) })
    siteMeans = Score(means.0, means.1)
    self.cycles = Score(cycles.0, cycles.1)
    self.anomalies = Score(anomalies.0, anomalies.1)
    var r2: [Double] = [], rmse: [Double] = []
    for sample in sums.count < 2 ? [] : Bootstrap.samples(of: sums.count, draws: draws, seed: seed) {
      var n = 0.0, o = 0.0, oo = 0.0, e = 0.0
      for site in sample {
        let s = sums[site]
        n += s.n
        o += s.o
        oo += s.oo
        e += s.e
      }
      let variance = oo - o * o / n
      r2.append(variance > 0 ? 1 - e / variance : .nan)
      rmse.append((e / n).squareRoot())
    }
    r2Interval = Bootstrap.interval(r2)
    rmseInterval = Bootstrap.interval(rmse)
  }

  /// By class and over all, runs side by side.
  public static func table(_ runs: [(name: String, values: [Double])], _ samples: SiteDays, draws: Int, seed: UInt64) -> Table {
    var table = Table(title: "NEE at the towers out of fold, gC m-2 d-1",
      columns: ["class", "run", "sites", "days", "R² days", "95 %", "RMSE days", "95 %", "R² means", "RMSE", "R² cycles", "RMSE", "R² anom.", "RMSE"],
      notes: ["means: one a site; cycles: monthly means minus the site's mean; anom.: days minus the site's monthly mean; 95 %: bootstrap over sites"])
    let classOf = samples.siteIndex.map { samples.sites[Int($0)].igbp }
    for name in Set(classOf).sorted() + ["all"] {
      let rows = classOf.indices.filter { name == "all" || classOf[$0] == name }
      for (run, predicted) in runs {
        let c = CrossValidation(predicted, samples, rows: rows, draws: draws, seed: seed)
        func range(_ r: ClosedRange<Double>?) -> String { r.map { "\(DecimalText.fixed($0.lowerBound, 2)) to \(DecimalText.fixed($0.upperBound, 2))" } ?? "n/a" }
        table.rows.append([
          .text(name.isEmpty ? "?" : name), .text(run), .number(Double(c.sites), digits: 0), .number(Double(c.days), digits: 0),
          .number(c.daily.r2, digits: 3), .text(range(c.r2Interval)), .number(c.daily.rmse, digits: 3), .text(range(c.rmseInterval)),
          .number(c.siteMeans.r2, digits: 3), .number(c.siteMeans.rmse, digits: 3), .number(c.cycles.r2, digits: 3), .number(c.cycles.rmse, digits: 3),
          .number(c.anomalies.r2, digits: 3), .number(c.anomalies.rmse, digits: 3),
        ])
        table.scores[run, default: [:]][name] = [
          "r2": c.daily.r2, "rmse": c.daily.rmse, "r2_low": c.r2Interval?.lowerBound ?? .nan, "r2_high": c.r2Interval?.upperBound ?? .nan,
          "rmse_low": c.rmseInterval?.lowerBound ?? .nan, "rmse_high": c.rmseInterval?.upperBound ?? .nan, "r2_means": c.siteMeans.r2, "rmse_means": c.siteMeans.rmse,
          "r2_cycles": c.cycles.r2, "rmse_cycles": c.cycles.rmse, "r2_anomalies": c.anomalies.r2, "rmse_anomalies": c.anomalies.rmse,
        ]
      }
    }
    return table
  }
}
