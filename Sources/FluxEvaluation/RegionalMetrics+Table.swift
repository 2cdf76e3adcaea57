import FluxCore
import FluxData
import FluxDocument

extension Array where Element == RegionalMetrics {
  /// Tables 2 and 3 in one: a row a region and run.
  ///
  /// Columns: mean and annual figures in PgC yr⁻¹, monthly ones in PgC month⁻¹.
  ///
  /// - Parameter paper: whether a row with the paper's numbers stands below each run that it has, marked by a star.
  public func table(reference: Series, paper: Bool = false) -> Table {
    var table = Table(
      title: "Regional NEE against \(reference.nameAsReference)\(span)",
      columns: ["region", "run", "mean", "monthly R", "monthly RMSE", "MSC R", "MSC RMSE", "annual R", "annual RMSE"],
      notes: ["mean and annual RMSE in PgC yr-1, monthly and MSC (mean seasonal cycle) RMSE in PgC month-1; positive to the atmosphere"])
    if paper { table.notes.append(Self.paperNote) }
    table.notes += intervalNotes
    guard let first else { return table }
    for i in first.rows.indices {
      for run in self {
        let r = run.rows[i]
        table.rows.append([.text(r.region), .text(run.run), .number(r.mean, digits: 2)] + RegionalMeasure.allCases.map { r.cell($0) })
        if paper, PublishedResults.runs.contains(run.run) {
          let mean = r.region == "globe" ? PublishedResults.globalNEE[run.run] : nil
          table.rows.append([.text(r.region), .text("\(run.run)*"), mean.map { .number($0, digits: 2) } ?? .empty]
            + RegionalMeasure.allCases.map { measure in PublishedResults.value(measure, region: r.region, run: run.run).map { .number($0, digits: 3) } ?? .empty })
        }
      }
    }
    addScores(to: &table)
    return table
  }

  /// Table 2 of the paper: months and mean seasonal cycles, runs side by side, the globe first.
  public func table2(reference: Series, paper: Bool = false) -> Table {
    wide("Table 2: monthly NEE, PgC month-1", [.monthlyR, .monthlyRMSE, .cycleR, .cycleRMSE], reference, paper)
  }

  /// Table 3 of the paper: annual totals, runs side by side, the globe first.
  public func table3(reference: Series, paper: Bool = false) -> Table {
    wide("Table 3: annual NEE, PgC yr-1", [.annualR, .annualRMSE], reference, paper)
  }

  private func wide(_ title: String, _ measures: [RegionalMeasure], _ reference: Series, _ paper: Bool) -> Table {
    let published = paper ? PublishedResults.runs : []
    var table = Table(title: "\(title), by region, against \(reference.nameAsReference)\(span)", columns: ["region"])
    table.groups = [Table.Group("", columns: 1)]
    for measure in measures {
      table.columns += map { $0.run.uppercasedName } + published.map { "\($0.uppercasedName)*" }
      table.groups.append(Table.Group(measure.title, columns: count + published.count))
    }
    table.notes = ["R: Pearson's correlation; MSC: mean seasonal cycle; positive to the atmosphere"]
    if paper { table.notes.append(Self.paperNote) }
    table.notes += intervalNotes
    guard let first else { return table }
    for i in [first.rows.count - 1] + first.rows.indices.dropLast() {
      let region = first.rows[i].region
      var row: [Table.Cell] = [.text(region)]
      for measure in measures {
        row += map { $0.rows[i].cell(measure) }
        row += published.map { run in PublishedResults.value(measure, region: region, run: run).map { .number($0, digits: 3) } ?? .empty }
      }
      table.rows.append(row)
    }
    addScores(to: &table)
    return table
  }

  private func addScores(to table: inout Table) {
    for run in self {
      for r in run.rows {
        var scores = Dictionary(uniqueKeysWithValues: RegionalMeasure.allCases.map { ($0.rawValue, r[$0]) })
        (scores["mean"], scores["monthly_rmse_demeaned"]) = (r.mean, r.monthlyRMSEDemeaned)
        for (measure, ends) in r.intervals { (scores["\(measure.rawValue)_low"], scores["\(measure.rawValue)_high"]) = (ends.lowerBound, ends.upperBound) }
        table.scores[run.run, default: [:]][r.region] = scores
      }
      table.scores[run.run]?["regions"] = ["annual_rmse": run.regionalAnnualRMSE]
    }
  }

  /// The years, where all runs have the same.
  private var span: String {
    guard let years = first?.years, let from = years.first, let to = years.last, allSatisfy({ $0.years == years }) else { return "" }
    return from == to ? ", \(from)" : ", \(from)–\(to)"
  }
  private static var paperNote: String { "*: as the paper prints it in its Tables 2 and 3, on the real Earth, against the mean of five inversions, 2001–2017" }
  /// Of intervals that were asked for.
  private var intervalNotes: [String] {
    guard let fewest = filter({ $0.draws > 0 }).map(\.years.count).min() else { return [] }
    return (fewest > 1 ? ["in brackets: 95 % interval, whole years drawn with replacement"] : []) + (Bootstrap.warning(fewest, "years").map { [$0] } ?? [])
  }
}

extension RegionalMetrics.Row {
  fileprivate func cell(_ measure: RegionalMeasure) -> Table.Cell {
    guard let ends = intervals[measure] else { return .number(self[measure], digits: 3) }
    return .interval(self[measure], low: ends.lowerBound, high: ends.upperBound, digits: 3)
  }
}

extension Series {
  /// What it is, in the title of a table.
  fileprivate var nameAsReference: String {
    memberCount > 1 ? "the mean of \(memberCount) inversions" : ["series", ""].contains(name) ? "the reference" : name
  }
}

extension String {
  /// A run's name as the paper writes it: EC-ATM for `ec_atm`.
  var uppercasedName: String {
    switch self {
    case "ec": "EC"
    case "ec_atm": "EC-ATM"
    case "fluxcom": "FLUXCOM"
    default: self
    }
  }
}
