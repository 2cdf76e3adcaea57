import FluxObservations
import FluxOperators
import FluxCore
import FluxData
import FluxDrivers
import FluxEvaluation
import FluxFigures
import FluxModels
import FluxTraining

/// What a finished run comes to, as a page: what it is made of, what it says of the globe, regions, pixels and towers, how it was trained,
/// its script, seeds, versions and hashes, and what of it is observed and what is made up.
public struct RunReport {
  public var title = "Fluxbridge run"
  public var result: TrainingResult
  /// The run's towers; without them there is no tower figure.
  public var samples: SiteDays?
  /// Its drivers; without them there are no maps and no totals.
  public var drivers: DriverStore?
  /// Monthly regional totals that runs are judged by, PgC month⁻¹. Shape `[member, region, month]` or `[region, month]`.
  public var target: Series?
  public var regions: RegionSet?
  /// The run's bridge, where it can say how good it is.
  public var bridge: (any Reported)?
  /// What a synthetic Earth hides: monthly NEE, gC m⁻² d⁻¹, and the towers' true flux, `[sample]`.
  public var truth: (nee: Cube, towers: [Double]?)?
  /// Fractions of plant functional types, `[type, lat, lon]`.
  public var plants: Cube?
  /// The script that made it, and what that has loaded.
  public var scripts: [Script] = []
  /// Resamplings of the intervals; 0 for none.
  public var draws = 1000
  public var seed: UInt64 = 1

  /// A file of Lua.
  public struct Script: Sendable {
    public let name, hash, text: String
    public init(name: String, hash: String, text: String) { (self.name, self.hash, self.text) = (name, hash, text) }
    fileprivate var title: String { "\(name), \(hash)" }
  }

  public init(_ result: TrainingResult) { self.result = result }

  /// Runs the models over their drivers and collects everything.
  ///
  /// - Parameter progress: called with the share of the models that have run.
  /// - Throws: ``FluxError`` for data that do not fit together; ``Interrupted`` on Ctrl-C.
  public func page(progress: (Double) -> Void = { _ in }) throws -> ReportPage {
    let names = result.variants.map(\.name)
    let runs = try RunTotals.of(result, drivers, regions ?? knownRegions(), progress: progress)
    let parts = ReportParts(report: self, runs: runs)
    var sections = [
      ReportPage.Section("In short", try parts.summary()), ReportPage.Section("What is observed, and what is made up", parts.inputs()),
      ReportPage.Section("The globe", try parts.globe()), ReportPage.Section("Regions", try parts.regional()),
      ReportPage.Section("Maps", try parts.maps()), ReportPage.Section("Towers", try parts.towers()), ReportPage.Section("Training", try parts.training()),
    ]
    if let bridge {
      var blocks: [ReportPage.Block] = [.table(bridge.report)]
      if let plants, let sampled = bridge as? any Sampled {
        let shares = try PlantTypeShares(sampled, plants, at: "Result:report"), (contributing, all) = shares.total
        blocks.append(.figure(.plantTypes(shares.types, contributing: contributing, all: all), caption: "Which plants grow most at the contributing pixels, and at all pixels (paper Fig. B3)."))
        blocks.append(.figure(.plantTypes(shares.types, regions: shares.regions, contributing: shares.contributing.map(PlantTypeShares.shares), all: shares.all.map(PlantTypeShares.shares)),
          caption: "The same region by region (paper Fig. B4)."))
      }
      sections.append(ReportPage.Section("Bridge", blocks))
    }
    sections.append(ReportPage.Section("Seeds, versions, hashes", try parts.provenance()))
    if let first = scripts.first {
      let loaded = scripts.dropFirst()
      sections.append(ReportPage.Section(loaded.isEmpty ? "Script" : "Script, and the files that it loads", [.paragraph(first.title), .lines(first.text)]
        + loaded.map { .folded(title: $0.title, lines: $0.text) }))
    }
    return ReportPage(title: title, subtitle: "\(names.joined(separator: " and ")): \(result.members.count) of \(result.expected) members", sections: sections)
  }

  /// The regions that the bridge was built for, where it knows them.
  public var sampledMask: RegionSet? { (bridge as? any Sampled)?.mask }

  private func knownRegions() throws -> RegionSet? {
    if let mask = sampledMask { return mask }
    guard let drivers else { return nil }
    let all = try RegionSet.reccap2(on: drivers.grid)
    guard let target else { return all }
    return target.regions.allSatisfy(all.codes.contains) ? try all.only(target.regions) : nil
  }
}
