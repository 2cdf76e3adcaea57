import FluxCore
import FluxData
import FluxDocument
import FluxEvaluation
import FluxFigures
import FluxOperators
import FluxTraining

/// The sections of a run's report.
struct ReportParts {
  let report: RunReport
  let runs: [RunTotals]
  private let place = "Result:report"

  private var hasTruth: Bool { report.truth != nil }
  /// Whether the paper prints numbers of these runs.
  private var isPaired: Bool { !runs.isEmpty && runs.allSatisfy { PublishedResults.runs.contains($0.name) } }

  /// The true totals, on the regions of the runs.
  private func trueSeries() throws -> Series? {
    guard let truth = report.truth, let regions = report.regions ?? report.sampledMask else { return nil }
    var series = try truth.nee.integral(regions)
    series.name = "the hidden truth"
    return series
  }

  /// Series by name: the runs, then what they are compared with.
  private func allSeries() throws -> [(name: String, series: Series)] {
    var all = runs.map { (name: $0.name, series: $0.series) }
    if let target = report.target { all.append((name: "inversions", series: target)) }
    if let truth = try trueSeries() { all.append((name: "truth", series: truth)) }
    return all
  }

  /// Weights on a schedule change too, but are not learned.
  private var weightVerdict: WeightVerdict {
    let weighting = (try? report.result.settings())?.first { $0.name == "weighting" }?.value
    return weighting?.hasPrefix("scheduled") == true ? .none : report.result.weightVerdict
  }

  func summary() throws -> [ReportPage.Block] {
    let result = report.result
    var lines = ["\(result.members.count) of \(result.expected) members were trained; \(result.members.count == result.expected ? "the run is complete" : "the run was stopped early")."]
    if let words = weightVerdict.words { lines.append(words) }
    if let samples = report.samples { lines.append("\(samples.sites.count) towers, \(samples.count) site-days.") }
    lines.append("Fluxes are positive to the atmosphere; a sink is negative.")
    var table = Table(title: "Global NEE over the drivers' years, PgC yr-1", columns: ["", "years", "mean", "± over members", "IAV"],
      notes: ["IAV: standard deviation of linearly detrended annual totals, n/a below 10 years"])
    for (name, series) in try allSeries() {
      let globe = series.total(), annual = try globe.annual()
      let years = annual.time.years
      func mean(_ values: some Sequence<Double>) -> Double {
        let kept = values.filter { !$0.isNaN }
        return kept.isEmpty ? .nan : kept.reduce(0, +) / Double(kept.count)
      }
      let byMember = (0..<annual.memberCount).map { m in mean((0..<annual.time.count).map { annual[m, 0, time: $0] }) }.filter { !$0.isNaN }
      let centre = mean(byMember), spread = byMember.count > 1 ? (byMember.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(byMember.count - 1)).squareRoot() : .nan
      table.rows.append([.text(RunStyle.title(name)), .text(years.isEmpty ? "" : "\(years[0])–\(years[years.count - 1])"), .number(centre, digits: 2),
        .number(spread, digits: 2), .number(Metrics.iav(annual.memberMean().values.map { $0 }), digits: 2)])
    }
    if isPaired {
      for run in runs { if let printed = PublishedResults.globalNEE[run.name] { table.rows.append([.text("\(RunStyle.title(run.name)), paper"), .text("2001–2017"), .number(printed, digits: 2), .empty, .empty]) } }
    }
    return [.paragraph(lines.joined(separator: " "))] + (table.rows.isEmpty ? [.paragraph("Without drivers there are no totals: give them, drivers = d.")] : [.table(table)])
  }

  func inputs() -> [ReportPage.Block] {
    let all = SessionInputs.all, synthetic = all.filter(\.isSynthetic).count
    guard !all.isEmpty else { return [.paragraph("This session has read no file of data: whatever the run is made of was made in it.")] }
    let verdict = synthetic == all.count ? "All files and folders of data that this session has read say that they are made up: a synthetic Earth, not observed. No number here is of the real Earth, except those called the paper's."
      : synthetic == 0 ? "None of the files and folders that this session has read says of itself that it is made up. That proves nothing: a result, for one, does not say what it was trained on."
      : "\(synthetic) of the \(all.count) files and folders that this session has read say that they are made up: a synthetic Earth, not observed. What the others are, they do not say."
    var table = Table(title: "Files and folders of data that were opened in the session that wrote this page", columns: ["file", "hash", "says of itself"])
    var lists: [ReportPage.Block] = []
    for input in all {
      let folder = input.path.split(separator: "/").dropLast().last.map { "\($0)/" } ?? ""
      var (name, hash) = Self.described(input.path)
      if !input.files.isEmpty {
        // A folder: the hash of the hashes of the files that were read, which stand below.
        let files = input.files.map(Self.described)
        var whole = ContentHash()
        for file in files { whole.combine("\(file.name) \(file.hash)\n") }
        hash = "xxh64:\(whole) of \(files.count) files"
        lists.append(.folded(title: "\(folder)\(name): the \(files.count) files that were read", lines: files.map { "\($0.hash)  \($0.name)" }.joined(separator: "\n")))
      }
      table.rows.append([.text(folder + name), .text(hash), .text(input.isSynthetic ? "synthetic" : "nothing")])
    }
    var noted: [ReportPage.Block] = []
    if let notes = report.target?.notes, !notes.isEmpty {
      noted.append(.table(Table(title: "What was noted when the regional totals were made", columns: [""], rows: notes.map { [.text($0)] })))
    }
    return [.paragraph(verdict), .table(table)] + lists + noted
  }

  /// A file's name without its folder, and its hash.
  private static func described(_ path: String) -> (name: String, hash: String) {
    let words = Provenance.described(path).split(separator: " ", maxSplits: 1).map(String.init)
    return (words.first ?? path, words.count > 1 ? words[1] : "")
  }

  func globe() throws -> [ReportPage.Block] {
    guard !runs.isEmpty else { return [] }
    let all = try allSeries()
    return [.figure(try .annual(all, region: "globe", at: place), caption: "Annual global NEE and its departures from a straight line (paper Fig. 2); shaded: ± one standard deviation over members.")]
  }

  func regional() throws -> [ReportPage.Block] {
    guard !runs.isEmpty else { return [] }
    var blocks: [ReportPage.Block] = []
    let all = try allSeries(), codes = runs[0].series.regions
    let shown = ["BRA", "EU"].filter(codes.contains) + ["globe"]
    blocks.append(.figure(try .cycles(all, regions: shown, label: nil, at: place), caption: "Mean seasonal cycles (paper Fig. 3); shaded: ± one standard deviation over members."))
    if let target = report.target {
      let metrics = try runs.map { try RegionalMetrics(run: $0.name, $0.series, reference: target, draws: 0) }
      blocks.append(.figure(try .efficiency(runs.map { (name: $0.name, series: $0.series) }, reference: target, at: place), caption: "Normalised Nash–Sutcliffe efficiency of monthly NEE against the inversions' mean (paper Fig. 4)."))
      blocks += [.table(metrics.table2(reference: target, paper: isPaired)), .table(metrics.table3(reference: target, paper: isPaired))]
      if report.draws > 0, let globe = try intervals(target) { blocks.append(.table(globe)) }
    }
    if let truth = try trueSeries() {
      var judged = try runs.map { try RegionalMetrics(run: $0.name, $0.series, reference: truth) }
      if let target = report.target { judged.append(try RegionalMetrics(run: "inversions", target, reference: truth)) }
      blocks += [.table(judged.table2(reference: truth)), .table(judged.table3(reference: truth))]
    }
    if let regions = report.regions ?? report.sampledMask { blocks.append(.figure(.regions(regions), caption: "The regions (paper Fig. A1).")) }
    if codes.count > shown.count { blocks.append(.figure(try .cycles(all, regions: nil, label: nil, at: place), caption: "Mean seasonal cycles of all regions (paper Fig. C1).")) }
    return blocks
  }

  /// The globe's measures with their intervals.
  private func intervals(_ target: Series) throws -> Table? {
    let metrics = try runs.map { run in
      let m = try RegionalMetrics(run: run.name, run.series.total(), reference: target.total(), draws: report.draws, seed: report.seed)
      return (run.name, m.globe, m.years.count)
    }
    var table = Table(title: "The globe against the mean of the inversions, with 95 % intervals", columns: ["run"] + RegionalMeasure.allCases.map(\.title),
      notes: ["in brackets: whole years drawn with replacement, \(report.draws) times, seed \(report.seed)"])
    if let fewest = metrics.map(\.2).min(), let warning = Bootstrap.warning(fewest, "years") { table.notes.append(warning) }
    for (name, row, _) in metrics {
      table.rows.append([.text(RunStyle.title(name))] + RegionalMeasure.allCases.map { measure in
        .interval(row[measure], low: row.intervals[measure]?.lowerBound ?? .nan, high: row.intervals[measure]?.upperBound ?? .nan, digits: 3)
      })
    }
    return table.rows.isEmpty ? nil : table
  }

  func maps() throws -> [ReportPage.Block] {
    guard !runs.isEmpty else { return [] }
    var cubes = runs.map { (name: $0.name, cube: $0.nee) }
    // Differences are of the first two: EC-ATM minus EC.
    if let both = cubes.firstIndex(where: { $0.name == "ec_atm" }), both > 0 { cubes.swapAt(0, both) }
    let pair = Array(cubes.prefix(2))
    let truth = report.truth.map { (name: "truth", cube: $0.nee) }
    var blocks: [ReportPage.Block] = [
      .figure(try .annualMaps(pair + (truth.map { [$0] } ?? []), at: place), caption: "Mean annual NEE and its standard deviation over the years (paper Fig. 5)."),
      .figure(try .monthlyMaps(pair, months: [1, 4, 7, 10], at: place), caption: "Mean NEE of four months and the difference (paper Fig. 6)."),
    ]
    if let truth {
      blocks.append(.figure(try .correlationMaps(pair, reference: truth.cube, at: place), caption: "Correlation of each pixel's months with the hidden truth (paper Fig. 7, which compares with the inversions)."))
      if let regions = report.regions ?? report.sampledMask {
        blocks.append(.table(PixelMetrics.table(try pair.map { ($0.name, try PixelMetrics($0.cube, reference: truth.cube, regions: regions)) }, reference: "the hidden truth")))
      }
    }
    return blocks
  }

  func towers() throws -> [ReportPage.Block] {
    guard let samples = report.samples else { return [] }
    let names = report.result.variants.map(\.name).filter { !report.result.members(of: $0).isEmpty }
    let own = try names.map { (name: $0, values: try OutOfFold.predict(report.result, variant: $0, samples, outOfFold: true)) }
    let all = try names.map { (name: $0, values: try OutOfFold.predict(report.result, variant: $0, samples, outOfFold: false)) }
    let observed = samples.nee.map(Double.init)
    let hasTruth = report.truth?.towers != nil
    var table = Table(title: "All days of all towers, gC m-2 d-1", columns: ["run", "RMSE out of fold", "R out of fold", "RMSE in sample"] + (hasTruth ? ["RMSE out of fold, true flux"] : []) + (isPaired ? ["RMSE in sample, paper"] : []),
      notes: ["out of fold: each site by the one member that has not seen it; in sample: by the mean of all, as in the paper's Fig. 8"])
    for (o, a) in zip(own, all) {
      let m = SiteMetrics(o.values, samples, rows: Array(observed.indices), draws: report.draws, seed: report.seed)
      var row: [Table.Cell] = [.text(RunStyle.title(o.name)), .interval(m.rmse, low: m.rmseInterval?.lowerBound ?? .nan, high: m.rmseInterval?.upperBound ?? .nan, digits: 3),
        .interval(m.r, low: m.rInterval?.lowerBound ?? .nan, high: m.rInterval?.upperBound ?? .nan, digits: 3), .number(Metrics.rmse(a.values, observed), digits: 3)]
      if let truth = report.truth?.towers { row.append(.number(Metrics.rmse(o.values, truth), digits: 3)) }
      if isPaired { row.append(PublishedResults.towerRMSE[o.name].map { .number($0, digits: 3) } ?? .empty) }
      table.rows.append(row)
    }
    if report.draws > 0 { table.notes.append("in brackets: 95 % interval, sites drawn with replacement, \(report.draws) times, seed \(report.seed)") }
    var blocks: [ReportPage.Block] = [.table(table), .figure(.towers(own, samples), caption: "Modelled, out of fold, against observed NEE of all tower days (paper Fig. 8), as density."),
      .table(SiteMetrics.tableC2(own, samples, draws: report.draws, seed: report.seed))]
    blocks.append(.figure(.towerClasses(own, samples), caption: "The same by land cover class (paper Fig. C2)."))
    let counts = samples.countBySite
    let tropical = samples.sites.indices.filter { abs(samples.sites[$0].latitude) <= 23.5 && counts[$0] > 20 }.sorted { (counts[$0], $1) > (counts[$1], $0) }.prefix(2)
    if !tropical.isEmpty {
      blocks.append(.figure(try .sites(own, samples, sites: tropical.map { samples.sites[$0].id }, at: place), caption: "The tropical sites with most days (paper Fig. 9)."))
    }
    return blocks
  }

  func training() throws -> [ReportPage.Block] {
    let result = report.result
    var blocks: [ReportPage.Block] = [.table(ResultTable.of(result))]
    let epochs = result.records.map(\.epoch).max() ?? 0
    if epochs > 1 {
      let colours = RunStyle.colours(result.variants.map(\.name))
      let panels = result.terms.compactMap { term -> Panel? in
        let curves = result.variants.enumerated().compactMap { i, variant -> Curve? in
          guard variant.terms.contains(term) else { return nil }
          let mine = Dictionary(grouping: result.records.filter { $0.variant == variant.name }, by: \.epoch)
          let y = (1...epochs).map { epoch -> Double in
            let losses = (mine[epoch] ?? []).compactMap { record in record.valid.first { $0.term == term }?.loss }.filter(\.isFinite)
            return losses.isEmpty ? .nan : losses.reduce(0, +) / Double(losses.count)
          }
          return Curve(variant.name, x: (1...epochs).map(Double.init), y: y, colour: colours[i])
        }
        guard curves.contains(where: { $0.y.contains(where: \.isFinite) }) else { return nil }
        return Figure.lines(curves, title: term, x: Axis("epoch", ticks: .integers), y: Axis("validation loss"), zeroLine: false).panels[0]
      }
      if !panels.isEmpty { blocks.append(.figure(Figure([panels]), caption: "Loss at the validation sites and years by epoch, mean over members.")) }
    }
    let verdict = weightVerdict, tellsWeights = verdict == .settled || verdict == .moving
    var members = Table(title: "Members", columns: ["variant", "fold", "seed", "replicate", "epoch kept", "steps", "held-out years"] + (tellsWeights ? ["weights settled"] : []))
    for m in result.members {
      members.rows.append([.text(m.variant), .number(Double(m.fold + 1), digits: 0), .text("\(m.seed)"), .number(Double(m.replicate + 1), digits: 0), .number(Double(m.epoch), digits: 0),
        .number(Double(m.steps), digits: 0), .text(m.heldOutYears.map(String.init).joined(separator: " "))]
        + (!tellsWeights ? [] : [result.learnsWeights(m.variant) ? .text(m.weightsConverged ? "yes" : "no") : .empty]))
    }
    return blocks + [.table(members)]
  }

  /// A plan without a limit of steps has the largest number there: no number to print.
  static func withoutEndlessSteps(_ text: String) -> String {
    let endless = ", at most \(Int.max) steps"
    return text.hasSuffix(endless) ? String(text.dropLast(endless.count)) : text
  }

  func provenance() throws -> [ReportPage.Block] {
    var pairs = Provenance.attributes(inputs: []).map { (name: $0.name, text: $0.text) }
    pairs.append((name: "netCDF", text: netCDFVersion().split(separator: " ").first.map(String.init) ?? ""))
    if let version = GMTLibrary.version { pairs.append((name: "GMT", text: version)) }
    if let drivers = report.drivers { pairs.append((name: "drivers", text: "hash \(drivers.hash), \(drivers.names.joined(separator: ", "))")) }
    if let mask = (report.bridge as? any Sampled)?.maskHash { pairs.append((name: "region mask", text: "hash \(mask)")) }
    pairs += try report.result.settings().map { (name: "plan: \($0.name)", text: Self.withoutEndlessSteps($0.value)) }
    return [.pairs(pairs)]
  }
}
