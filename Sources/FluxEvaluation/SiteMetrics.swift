import FluxCore
import FluxData
import FluxDocument
import FluxObservations

/// Runs against towers: all days of some samples.
public struct SiteMetrics: Sendable {
  public let sites, days: Int
  /// RMSE and bias in gC m⁻² d⁻¹.
  public let rmse, r, r2, bias: Double
  /// 95 % intervals over sites drawn with replacement; nil when none were asked for, or there is but one site.
  public let rmseInterval, rInterval: ClosedRange<Double>?

  /// - Parameters:
  ///   - modelled: NEE, gC m⁻² d⁻¹. Shape `[sample]`.
  ///   - rows: the samples that count; those without a value are left out.
  ///   - draws: of the sites; 0 for no intervals.
  public init(_ modelled: [Double], _ samples: SiteDays, rows: [Int], draws: Int = 0, seed: UInt64 = 1) {
    let x = rows.map { modelled[$0] }, y = rows.map { Double(samples.nee[$0]) }
    sites = Set(rows.map { samples.siteIndex[$0] }).count
    days = rows.count
    (rmse, r, r2, bias) = (Metrics.rmse(x, y), Metrics.pearson(x, y), Metrics.r2(x, y), Metrics.bias(x, y))
    guard draws > 0, sites > 1 else {
      (rmseInterval, rInterval) = (nil, nil)
      return
    }
    let present = x.indices.filter { !x[$0].isNaN && !y[$0].isNaN }
    let (mx, my) = (Metrics.mean(present.map { x[$0] }), Metrics.mean(present.map { y[$0] }))
    // Sums of departures from the means of all: what a resampled R and RMSE need.
    struct Sums { var n = 0.0, x = 0.0, y = 0.0, xx = 0.0, yy = 0.0, xy = 0.0 }
    var bySite: [Int32: Sums] = [:]
    for i in present {
      let (dx, dy) = (x[i] - mx, y[i] - my)
      bySite[samples.siteIndex[rows[i]], default: Sums()].n += 1
      bySite[samples.siteIndex[rows[i]]]?.x += dx
      bySite[samples.siteIndex[rows[i]]]?.y += dy
      bySite[samples.siteIndex[rows[i]]]?.xx += dx * dx
      bySite[samples.siteIndex[rows[i]]]?.yy += dy * dy
      bySite[samples.siteIndex[rows[i]]]?.xy += dx * dy
    }
    let sums = bySite.sorted { $0.key < $1.key }.map(\.value)
    var errors: [Double] = [], correlations: [Double] = []
    for sample in Bootstrap.samples(of: sums.count, draws: draws, seed: seed) {
      var s = Sums()
      for site in sample {
        let one = sums[site]
        s.n += one.n; s.x += one.x; s.y += one.y; s.xx += one.xx; s.yy += one.yy; s.xy += one.xy
      }
      let shift = mx - my
      errors.append(max(0, (s.xx + s.yy - 2 * s.xy + 2 * shift * (s.x - s.y)) / s.n + shift * shift).squareRoot())
      let xx = s.xx - s.x * s.x / s.n, yy = s.yy - s.y * s.y / s.n
      correlations.append(xx > 1e-12 * s.xx && yy > 1e-12 * s.yy ? (s.xy - s.x * s.y / s.n) / (xx * yy).squareRoot() : .nan)
    }
    (rmseInterval, rInterval) = (Bootstrap.interval(errors), Bootstrap.interval(correlations))
  }

  /// What a table's rows are.
  public enum Grouping: String, Sendable, CaseIterable {
    case igbp, site
  }

  /// By class or site, and over all: a row a class and run.
  ///
  /// - Parameter paper: whether the paper's RMSE stands below each run that it has, over all.
  public static func table(_ runs: [(name: String, values: [Double])], _ samples: SiteDays, by grouping: Grouping = .igbp, draws: Int = 0, seed: UInt64 = 1, paper: Bool = false) -> Table {
    var table = Table(title: "Modelled NEE against the towers' days, gC m-2 d-1", columns: [grouping == .site ? "site" : "class", "run", "sites", "days", "RMSE", "R", "R²", "bias"])
    for (name, rows) in groups(samples, by: grouping) {
      for (run, values) in runs {
        let m = SiteMetrics(values, samples, rows: rows, draws: draws, seed: seed)
        table.rows.append([.text(name), .text(run), .number(Double(m.sites), digits: 0), .number(Double(m.days), digits: 0),
          m.rmseCell, m.rCell, .number(m.r2, digits: 3), .number(m.bias, digits: 3)])
        m.add(to: &table, run: run, name: name)
        if paper, name == "all", let printed = PublishedResults.towerRMSE[run] {
          table.rows.append([.text(name), .text("\(run)*"), .empty, .empty, .number(printed, digits: 3), .empty, .empty, .empty])
        }
      }
    }
    if draws > 0 { table.notes += intervalNotes(grouping == .site ? [] : groups(samples, by: grouping), samples) }
    if paper { table.notes.append(paperNote) }
    return table
  }

  /// By class, runs side by side: what the paper's Fig. C2 shows, as a table.
  public static func tableC2(_ runs: [(name: String, values: [Double])], _ samples: SiteDays, draws: Int = 0, seed: UInt64 = 1, paper: Bool = false) -> Table {
    let published = paper ? runs.map(\.name).filter { PublishedResults.towerRMSE[$0] != nil } : []
    var table = Table(title: "Table C2: modelled NEE against the towers' days by plant functional type, gC m-2 d-1",
      columns: ["type", "sites", "days"] + runs.map(\.name.uppercasedName) + published.map { "\($0.uppercasedName)*" } + runs.map(\.name.uppercasedName))
    table.groups = [.init("", columns: 3), .init("RMSE (gC m-2 d-1)", columns: runs.count + published.count), .init("R", columns: runs.count)]
    for (name, rows) in classes(samples) {
      let all = runs.map { SiteMetrics($0.values, samples, rows: rows, draws: draws, seed: seed) }
      table.rows.append([.text(name), .number(Double(all[0].sites), digits: 0), .number(Double(all[0].days), digits: 0)] + all.map(\.rmseCell)
        + published.map { run in name == "all" ? .number(PublishedResults.towerRMSE[run] ?? .nan, digits: 3) : .empty } + all.map(\.rCell))
      for (run, m) in zip(runs, all) { m.add(to: &table, run: run.name, name: name) }
    }
    if draws > 0 { table.notes += intervalNotes(classes(samples), samples) }
    if paper { table.notes.append(paperNote) }
    return table
  }

  /// The samples of each class in the order of the alphabet, and of all.
  public static func classes(_ samples: SiteDays) -> [(name: String, rows: [Int])] { groups(samples, by: .igbp) }

  private static func groups(_ samples: SiteDays, by grouping: Grouping) -> [(name: String, rows: [Int])] {
    let names = samples.sites.map { grouping == .site ? $0.id : $0.igbp }
    let byName = Dictionary(grouping: samples.siteIndex.indices) { names[Int(samples.siteIndex[$0])] }
    return byName.sorted { $0.key < $1.key }.map { ($0.key.isEmpty ? "?" : $0.key, $0.value) } + [("all", Array(samples.siteIndex.indices))]
  }

  private var rmseCell: Table.Cell { .interval(rmse, low: rmseInterval?.lowerBound ?? .nan, high: rmseInterval?.upperBound ?? .nan, digits: 3) }
  private var rCell: Table.Cell { .interval(r, low: rInterval?.lowerBound ?? .nan, high: rInterval?.upperBound ?? .nan, digits: 3) }
  private func add(to table: inout Table, run: String, name: String) {
    var scores = ["rmse": rmse, "r": r, "r2": r2, "bias": bias]
    if let ends = rmseInterval { (scores["rmse_low"], scores["rmse_high"]) = (ends.lowerBound, ends.upperBound) }
    if let ends = rInterval { (scores["r_low"], scores["r_high"]) = (ends.lowerBound, ends.upperBound) }
    table.scores[run, default: [:]][name] = scores
  }
  /// What intervals are, and of which groups they are too narrow.
  private static func intervalNotes(_ groups: [(name: String, rows: [Int])], _ samples: SiteDays) -> [String] {
    let few = groups.filter { group in (2..<Bootstrap.fewest).contains(Set(group.rows.map { samples.siteIndex[$0] }).count) }.map(\.name)
    return ["in brackets: 95 % interval, sites drawn with replacement; none of a single site"]
      + (few.isEmpty ? [] : ["fewer than \(Bootstrap.fewest) sites to draw from, so that the interval is rather too narrow: \(few.joined(separator: ", "))"])
  }
  private static let paperNote = "*: the paper's, in sample (§4.4), on the real towers of La Thuile and FLUXNET2015"
}
