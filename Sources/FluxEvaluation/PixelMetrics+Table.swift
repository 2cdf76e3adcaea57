import FluxCore
import FluxDocument

extension PixelMetrics {
  /// Runs against a reference, a row each.
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
