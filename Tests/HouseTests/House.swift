import Foundation
import TestSupport

/// The repository as these tests read it: its files, and what is written in them.
enum House {
  /// Every path of the repository, folders too, without what is built and what Git keeps.
  static let paths: [String] = {
    var found: [String] = []
    var folders = [""]
    while let folder = folders.popLast() {
      for name in (try? FileManager.default.contentsOfDirectory(atPath: TestFiles.package + "/" + folder)) ?? [] {
        guard name != ".git", !name.hasPrefix(".build"), !name.hasPrefix("__pycache__") else { continue }
        let path = folder.isEmpty ? name : folder + "/" + name
        found.append(path)
        if isFolder(path) { folders.append(path) }
      }
    }
    return found.sorted()
  }()

  /// The Swift files under Sources and Tests.
  static let swift: [SwiftSource] = paths.filter {
    $0.hasSuffix(".swift") && ($0.hasPrefix("Sources/") || $0.hasPrefix("Tests/"))
  }.map { SwiftSource(path: $0, text: text($0)) }

  /// The Swift files under Sources.
  static let sources = swift.filter { $0.path.hasPrefix("Sources/") }

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: TestFiles.package + "/" + path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// What a file holds; nothing when it cannot be read.
  static func text(_ path: String) -> String {
    (try? String(contentsOfFile: TestFiles.package + "/" + path, encoding: .utf8)) ?? ""
  }

  /// Where in the repository something stands.
  struct Place: Hashable {
    var path: String
    /// From 1.
    var line: Int
  }

  /// Places as a failure tells them: a line a file, its line numbers beside it.
  static func list(_ places: [Place]) -> String {
    Dictionary(grouping: places, by: \.path).sorted { $0.key < $1.key }.map { path, places in
      "  \(path): " + places.map(\.line).sorted().map(String.init).joined(separator: ", ")
    }.joined(separator: "\n")
  }
}
