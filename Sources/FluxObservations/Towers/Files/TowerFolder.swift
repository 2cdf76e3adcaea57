import FluxCore
import Glibc

/// Which files of a folder are towers' daily or half-hourly data.
enum TowerFolder {
  struct Found {
    var files: [(site: String, path: String)] = []
    var skipped: [String] = []
    var siteTable: String?
  }

  /// - Throws: ``FluxError`` when nothing is at `path`, or a single file bears no site's name.
  static func files(at path: String) throws -> Found {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw FluxError("cannot open \(path): \(String(cString: strerror(errno)))", at: "towers.open", expected: "a file or a folder of tower files")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      guard let site = TowerSite.id(inFileName: path) else {
        throw FluxError(
          "no site's name in the file name of \(path)", at: "towers.open",
          expected: "a name such as FLX_DE-Tha_…_DD_….csv, AMF_US-Ha1_….csv or DE-Tha.csv", remedy: "Rename the file.")
      }
      return Found(files: [(site, path)])
    }
    var found = Found()
    var bestDaily: [String: [String]] = [:], subdaily: [String: [String]] = [:]
    for name in try names(in: path) {
      let full = path.hasSuffix("/") ? path + name : path + "/" + name
      let lower = name.lowercased()
      guard lower.hasSuffix(".csv") || lower.hasSuffix(".txt") else { continue }
      if lower == "sites.csv" || lower == "site_table.csv" {
        found.siteTable = full
        continue
      }
      guard let site = TowerSite.id(inFileName: name) else {
        found.skipped.append("\(name) (no site's name)")
        continue
      }
      let words = Set(name.split { $0 == "_" || $0 == "." }.map(String.init))
      if let word = ["WW", "MM", "YY"].first(where: words.contains) {
        found.skipped.append("\(name) (\(word): not daily)")
      } else if let word = ["ERAI", "ERA5", "AUXMETEO", "AUXNEE", "BIF", "BIFVARINFO"].first(where: words.contains) {
        found.skipped.append("\(name) (\(word): no fluxes)")
      } else if words.contains("HH") || words.contains("HR") {
        subdaily[site, default: []].append(full)
      } else {
        bestDaily[site, default: []].append(full)
      }
    }
    for (site, paths) in bestDaily { found.files += paths.map { (site, $0) } }
    for (site, paths) in subdaily {
      if bestDaily[site] == nil { found.files += paths.map { (site, $0) } }
      else { found.skipped += paths.map { "\($0.split(separator: "/").last ?? "") (the daily file is taken)" } }
    }
    found.files.sort { $0.path < $1.path }
    return found
  }

  private static func names(in folder: String) throws -> [String] {
    guard let directory = opendir(folder) else {
      throw FluxError("cannot list \(folder): \(String(cString: strerror(errno)))", at: "towers.open")
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { raw in
        raw.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
