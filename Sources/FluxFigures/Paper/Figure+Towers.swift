import FluxCore
import FluxData
import FluxEvaluation
import FluxObservations

extension Figure {
  /// Modelled against observed NEE of all tower days, a panel a run (Fig. 8).
  ///
  /// - Parameter runs: name and NEE of each sample, gC m⁻² d⁻¹.
  public static func towers(_ runs: [(name: String, values: [Double])], _ samples: SiteDays) -> Figure {
    let observed = samples.nee.map(Double.init), range = commonRange(observed + runs.flatMap(\.values), pairs: observed.count)
    return arranged(withOneScale(runs.flatMap { run in
      scatter(x: observed, y: run.values, xLabel: "observed NEE (gC m⁻² d⁻¹)", yLabel: "modelled NEE (gC m⁻² d⁻¹)", title: RunStyle.title(run.name), range: range, unit: unit).panels
    }))
  }

  /// Modelled against observed NEE by land cover class, four panels a row: a class' runs stand beside each other (Fig. C2).
  ///
  /// All panels have one scale of colours.
  public static func towerClasses(_ runs: [(name: String, values: [Double])], _ samples: SiteDays) -> Figure {
    let observed = samples.nee.map(Double.init), columns = runs.count <= 4 ? 4 / runs.count * runs.count : runs.count
    var panels: [Panel] = []
    for (name, rows) in SiteMetrics.classes(samples).dropLast() {
      let range = commonRange(rows.flatMap { row in [observed[row]] + runs.map { $0.values[row] } }, pairs: rows.count)
      for run in runs {
        panels += scatter(
          x: rows.map { observed[$0] }, y: rows.map { run.values[$0] }, xLabel: "observed NEE (gC m⁻² d⁻¹)", yLabel: "modelled NEE (gC m⁻² d⁻¹)",
          title: "\(name), \(RunStyle.title(run.name))", range: range, boxes: 50, unit: unit).panels
      }
    }
    panels = withOneScale(panels)
    // A class' runs stay beside each other.
    return Figure(stride(from: 0, to: panels.count, by: columns).map { start in
      (start..<start + columns).map { panels.indices.contains($0) ? panels[$0] : nil }
    }, width: FigureLayout.wholePage)
  }

  /// The range of both axes of all runs: of many pairs all but the outermost 0.05 % on each side, of few all.
  private static func commonRange(_ values: [Double], pairs: Int) -> ClosedRange<Double>? {
    let all = values.filter(\.isFinite).sorted(), cut = pairs > mostPoints ? all.count / 2000 : 0
    guard all.count > 1, all[cut] < all[all.count - 1 - cut] else { return nil }
    let (low, high) = (all[cut], all[all.count - 1 - cut]), pad = cut == 0 ? 0.05 * (high - low) : 0
    return (low - pad)...(high + pad)
  }

  private static let unit = "gC m-2 d-1"

  /// The highest count of all panels ends the colours of each, so that one bar serves for all.
  private static func withOneScale(_ panels: [Panel]) -> [Panel] {
    let highest = panels.compactMap { panel in if case .plot(let plot) = panel.content { plot.colours?.upper } else { nil } }.max()
    return panels.map { panel in
      guard case .plot(var plot) = panel.content, plot.colours != nil else { return panel }
      plot.colours?.upper = highest ?? 1
      return Panel(panel.title, .plot(plot))
    }
  }

  /// Modelled against observed NEE at single towers: a row a tower, a column a run (Fig. 9).
  ///
  /// - Parameter sites: identifiers.
  /// - Throws: ``FluxError`` for a site that is not there, with the nearest name.
  public static func sites(_ runs: [(name: String, values: [Double])], _ samples: SiteDays, sites: [String], at place: String) throws -> Figure {
    let known = samples.sites.map(\.id)
    return Figure(try sites.map { id in
      guard let site = known.firstIndex(of: id) else {
        throw FluxError("no site '\(id)'\(NearestName.hint(id, among: known))", at: place, expected: "one of \(known.count) sites: \(known.prefix(6).joined(separator: ", ")) …")
      }
      let rows = samples.siteIndex.indices.filter { Int(samples.siteIndex[$0]) == site }
      let observed = rows.map { Double(samples.nee[$0]) }
      // Single towers have few days: their axes hold them all.
      let range = commonRange(observed + runs.flatMap { run in rows.map { run.values[$0] } }, pairs: 0)
      return runs.flatMap { run in
        scatter(x: observed, y: rows.map { run.values[$0] }, xLabel: "observed NEE (gC m⁻² d⁻¹)", yLabel: "modelled NEE (gC m⁻² d⁻¹)", title: "\(id), \(RunStyle.title(run.name))",
          range: range, boxes: 0, unit: unit).panels
      }
    })
  }
}
