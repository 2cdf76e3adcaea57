/// The targets of the package in the order of the manifest, read as text.
struct Manifest {
  struct Target {
    var name: String
    /// What it may import, as the manifest says.
    var dependencies: Set<String>
    /// Where its files lie.
    var folder: String
  }

  let targets: [Target]

  init() {
    // Entries are told from dependencies of the same spelling by beginning their line.
    let starts = [".target(", ".testTarget(", ".executableTarget(", ".systemLibrary("]
    let lines = House.text("Package.swift").split(separator: "\n").map { $0.drop { $0 == " " } }
    var entries: [(isTest: Bool, text: String)] = []
    for line in lines.drop(while: { !$0.hasPrefix("targets: [ ") && $0 != "targets: [" }).dropFirst() {
      if line.hasPrefix("//") { continue }
      if starts.contains(where: line.hasPrefix) {
        entries.append((line.hasPrefix(".testTarget("), String(line)))
      } else if !entries.isEmpty {
        entries[entries.count - 1].text += " " + line
      }
    }
    targets = entries.compactMap { entry in
      guard let name = Self.strings(Self.after("name:", entry.text)).first else { return nil }
      var list = Self.after("dependencies: [", entry.text)
      list = list.prefix { $0 != "]" }
      var dependencies = Set(Self.strings(list))
      // The one list that has a name in the manifest.
      if entry.text.contains("] + files") { dependencies.formUnion(["CNetCDF", "CHDF5", "CRegionMask"]) }
      let path = Self.strings(Self.after("path:", entry.text)).first
      return Target(
        name: name, dependencies: dependencies, folder: path ?? (entry.isTest ? "Tests/" : "Sources/") + name)
    }
  }

  private static func after(_ mark: String, _ text: String) -> Substring {
    text.firstRange(of: mark).map { text[$0.upperBound...] } ?? ""
  }

  /// The texts in quotation marks.
  private static func strings(_ text: Substring) -> [String] {
    text.split(separator: "\"", omittingEmptySubsequences: false).enumerated().compactMap { place, part in
      place.isMultiple(of: 2) ? nil : String(part)
    }
  }
}
