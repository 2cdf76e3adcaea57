import FluxCore
import FluxData

extension Array where Element == RegionalMetrics {
  /// Tables 2 and 3 in one: a row a region and run.
  ///
  /// Columns: mean and annual figures in PgC yr⁻¹, monthly ones in PgC month⁻¹.
  public func table(reference: Series) -> Table {
    var table = Table(
      title: "Regional NEE against \(reference.memberCount > 1 ? "the mean of \(reference.memberCount) inversions" : reference.name)",
      columns: ["region", "run", "mean", "monthly R", "monthly RMSE", "MSC R", "MSC RMSE", "annual R", "annual RMSE"],
      notes: ["mean and annual RMSE in PgC yr-1, monthly and MSC (mean seasonal cycle) RMSE in PgC month-1; positive to the atmosphere"])
    guard let first else { return table }
    for i in first.rows.indices {
      for run in self {
        let r = run.rows[i]
        table.rows.append([
          .text(r.region), .text(run.run), .number(r.mean, digits: 2), .number(r.monthlyR, digits: 3), .number(r.monthlyRMSE, digits: 3),
          .number(r.cycleR, digits: 3), .number(r.cycleRMSE, digits: 3), .number(r.annualR, digits: 3), .number(r.annualRMSE, digits: 3),
        ])
        table.scores[run.run, default: [:]][r.region] = [
          "mean": r.mean, "monthly_r": r.monthlyR, "monthly_rmse": r.monthlyRMSE, "msc_r": r.cycleR, "msc_rmse": r.cycleRMSE,
          "annual_r": r.annualR, "annual_rmse": r.annualRMSE, "monthly_rmse_demeaned": r.monthlyRMSEDemeaned,
        ]
      }
    }
    for run in self { table.scores[run.run]?["regions"] = ["annual_rmse": run.regionalAnnualRMSE] }
    return table
  }
}

extension PixelMetrics {
  public static func table(_ runs: [(String, PixelMetrics)], reference: String) -> Table {
    var table = Table(title: "NEE at the pixels against \(reference), gC m-2 d-1, weighted by land area",
      columns: ["run", "RMSE", "tropics", "extratropics", "bias", "monthly RMSE"],
      notes: ["RMSE and bias of the mean map; tropics: within \(tropics)° of the equator"])
    for (name, m) in runs {
      table.rows.append([.text(name), .number(m.globe.rmse, digits: 3), .number(m.tropics.rmse, digits: 3), .number(m.extratropics.rmse, digits: 3),
        .number(m.globe.bias, digits: 3), .number(m.globe.monthlyRMSE, digits: 3)])
      for (place, s) in [("globe", m.globe), ("tropics", m.tropics), ("extratropics", m.extratropics)] {
        table.scores[name, default: [:]][place] = ["rmse": s.rmse, "monthly_rmse": s.monthlyRMSE, "bias": s.bias, "total": s.total]
      }
      table.scores[name]?["globe"]?["tropical_share_of_error"] = m.tropicalShare
    }
    return table
  }
}

/// Runs against towers.
public enum SiteMetrics {
  /// By class and over all: days, sites, RMSE and R of days.
  public static func table(_ runs: [(String, [Double])], _ samples: SiteDays) -> Table {
    var table = Table(title: "NEE at the towers, gC m-2 d-1", columns: ["class", "run", "sites", "days", "RMSE", "R", "R²", "bias"])
    let classOf = samples.siteIndex.map { samples.sites[Int($0)].igbp }
    let observed = samples.nee.map(Double.init)
    for name in Set(classOf).sorted() + ["all"] {
      let rows = classOf.indices.filter { name == "all" || classOf[$0] == name }
      let sites = Set(rows.map { samples.siteIndex[$0] }).count, y = rows.map { observed[$0] }
      for (run, values) in runs {
        let x = rows.map { values[$0] }
        let (rmse, r, r2, bias) = (Metrics.rmse(x, y), Metrics.pearson(x, y), Metrics.r2(x, y), Metrics.bias(x, y))
        table.rows.append([.text(name.isEmpty ? "?" : name), .text(run), .number(Double(sites), digits: 0), .number(Double(rows.count), digits: 0),
          .number(rmse, digits: 3), .number(r, digits: 3), .number(r2, digits: 3), .number(bias, digits: 3)])
        table.scores[run, default: [:]][name] = ["rmse": rmse, "r": r, "r2": r2, "bias": bias]
      }
    }
    return table
  }
}
