import FluxObservations
import FluxOperators
import FluxCore
import FluxData
import FluxDrivers
import FluxObjective
import FluxReport
import FluxTwin
import Glibc
import LuaRuntime

/// `result:report("out/")`.
let resultReport: LuaMember<ResultHandle> = .method(
  "report",
  "(folder: string, {title?: string, truth?: TwinTruth, target?: Series, regions?: Regions, drivers?: Drivers, towers?: SiteDays, pft?: Cube, draws: integer = 1000, seed: integer = 1}) -> string",
  "one web page of the run: figures, tables, script, seeds, versions, hashes, "
    + "what is observed and what made up; gives its path, and is an error where a "
    + "figure of it could not be drawn. A run knows its towers, drivers and target, one from a file is given them",
  example: """
    page = result:report("out", { truth = truth, draws = 10 })
    page  --> out/report.html
    """
) { handle, call in
  let options = try call.options(2)
  var report = RunReport(handle.result)
  report.title = try options.value("title", default: "Fluxbridge run: \(handle.result.variants.map(\.name).joined(separator: " and "))")
  report.samples = try options.value("towers") ?? handle.samples
  report.drivers = try options.value("drivers") ?? handle.drivers
  let observed = handle.terms.flatMap(\.reads).compactMap(\.observations)
  report.target = try options.value("target") ?? observed.lazy.compactMap { ($0 as? any SeriesObserved)?.series }.first
  report.bridge = handle.terms.flatMap(\.operators).lazy.compactMap { $0 as? any Reported }.first
  report.regions = try options.value("regions") ?? report.sampledMask
  report.plants = try options.value("pft")
  (report.draws, report.seed) = try bootstrapOptions(options, draws: 1000)
  if let truth: TwinTruth = try options.value("truth") {
    let monthly = try truth.nee.monthly()
    // Towers of another archive have no truth here.
    let towers = report.samples.flatMap { samples in try? truth.towers.nee(samples).map(Double.init) }
    report.truth = (nee: monthly, towers: towers)
  }
  report.scripts = ScriptText.all(of: call.session)
  let folder: String = try call.argument(1, "folder"), progress = Progress("report")
  defer { progress.finish() }
  // Running the models takes about as long as drawing.
  let page = try report.page { progress.update($0 / 2) }, html = try page.html { progress.update(0.5 + $0 / 2) }
  let name = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
  try TextFolder.write([("report.html", html.text)], into: name)
  if let first = html.missing.first {
    let count = html.missing.count
    throw FluxError(
      "\(name)/report.html is written, and \(count == 1 ? "a figure" : "\(count) figures") of it could not be drawn; "
        + "\(count == 1 ? "the reason" : "the first reason"): \(first.reason.came)",
      at: "Result:report", expected: first.reason.expected,
      remedy: (first.reason.remedy.map { "\($0)\n  " } ?? "")
        + "Then report again; the page has all else, and says what is missing.")
  }
  return "\(name)/report.html"
}

/// The texts of scripts, for a report.
enum ScriptText {
  /// The session's script first, then what it has loaded, its own files and those that came with the program; what cannot be read is left out.
  static func all(of session: LuaSession) -> [RunReport.Script] {
    let own = session.scriptPath.flatMap { $0 == "-" ? nil : $0 }
    return ((own.map { [$0] } ?? []) + session.loadedFiles.filter { $0 != own }).compactMap { path in
      guard let text = read(path) else { return nil }
      let parts = path.split(separator: "/").suffix(2).joined(separator: "/"), described = Provenance.described(path).split(separator: " ", maxSplits: 1)
      return RunReport.Script(name: parts, hash: described.count > 1 ? String(described[1]) : "", text: text)
    }
  }

  /// - Returns: nil when it cannot be read; its first 256 KiB when it is longer.
  static func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    let room = 1 << 18
    let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in filled = fread(buffer.baseAddress, 1, room, file) }
    return String(decoding: bytes, as: UTF8.self) + (bytes.count == room ? "\n-- … (cut)" : "")
  }
}
