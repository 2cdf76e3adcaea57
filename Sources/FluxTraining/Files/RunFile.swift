import FluxCore
import FluxData
import FluxModels

/// A finished run on disk: one netCDF file, data and no code, with every member's weights, the curves, which site was in
/// which fold, seeds, the plan's hashes and the program's version. No time and no host: equal runs give equal files.
public enum RunFile {
  private static let format = "fluxbridge result 2"
  /// Of files that held networks alone.
  private static let firstFormat = "fluxbridge result 1"

  /// Writes a result, all or nothing.
  ///
  /// - Throws: ``FluxError`` when there is no member, or the file cannot be written; what was there before then stays.
  public static func save(_ result: TrainingResult, to path: String) throws {
    guard !result.members.isEmpty else {
      throw FluxError("the run has no finished member", at: path, expected: "at least one")
    }
    var columns = try RunColumns(
      members: result.members, records: result.records, variants: result.variants, terms: result.terms)
    columns.add("site_id", "site", result.sites)
    columns.add("seed_value", "seed", result.foldsBySeed.map { "\($0.seed)" })
    columns.add(
      "site_fold", [(name: "seed", length: result.foldsBySeed.count), (name: "site", length: result.sites.count)],
      result.foldsBySeed.flatMap { $0.folds.map { Double($0 + 1) } },
      "the fold of each site, from 1; 0 for test sites")
    var attributes: NetCDFAttributes = ["title": "Fluxbridge training result", "format": .text(format)]
    for (name, text) in Provenance.attributes(inputs: []) where name != "seed" { attributes[name] = .text(text) }
    for setting in try result.settings() { attributes["plan_" + setting.name] = .text(setting.value) }
    attributes["members_expected"] = .numbers([Double(result.expected)], .int)
    try columns.write(to: path, attributes: attributes)
  }

  /// Reads what ``save(_:to:)`` wrote, now or before.
  ///
  /// - Throws: ``FluxError`` for another kind of file, one that is damaged, or sizes that do not fit together.
  public static func load(_ path: String) throws -> TrainingResult {
    let file = try NetCDFReader(path: path), found = file.attributes.text("format")
    guard let found, [format, firstFormat].contains(found) else {
      throw FluxError(
        "the file is no training result", at: path, expected: "one that result:save(path) wrote",
        remedy: found == nil
          ? nil : "A checkpoint is gone on with by the trainer that wrote it, checkpoint = \"…\".")
    }
    do {
      return try result(RunColumns.Reading(file, isFirst: found == firstFormat, remedy: "The file is damaged."))
    } catch is RunColumns.Misfit {
      throw FluxError(
        "its arrays do not fit together", at: path, expected: "a result that result:save(path) wrote",
        remedy: "The file is damaged.")
    }
  }

  private static func result(_ reading: RunColumns.Reading) throws -> TrainingResult {
    let variants = try reading.variants(), terms = reading.text("term_name"), sites = reading.text("site_id")
    let seeds = reading.text("seed_value"), folds = try reading.rows("site_fold", sites.count, seeds.count)
    var settings = reading.settings
    if let program = reading.file.attributes.text("source") { settings.append(("program", program)) }
    return TrainingResult(
      members: try reading.members(variants), records: try reading.records(variants, terms), variants: variants,
      sites: sites,
      foldsBySeed: try zip(seeds, folds).map { seed, folds in
        (seed: try reading.seed(seed), folds: try folds.map { try reading.whole($0, -1, 1_000_000) - 1 })
      },
      expected: Int(reading.file.attributes.number("members_expected") ?? 0), settings: { [settings] in settings })
  }
}
