import Foundation

/// A folder for one test's files, removed with the value.
package final class TestFolder: Sendable {
  package let path: String
  package init() {
    path = NSTemporaryDirectory() + "fluxbridge-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }
  package func file(_ name: String) -> String { path + "/" + name }
}

/// The files that lie beside the tests or beside the package.
package enum TestFiles {
  /// The package's folder.
  package static let package = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")

  package static func reference(_ name: String) throws -> String {
    try String(contentsOfFile: package + "/Tests/ReferenceData/" + name, encoding: .utf8)
  }

  /// The rows of a committed CSV file, header dropped.
  package static func rows(_ name: String) throws -> [[String]] {
    try reference(name).split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// Real files kept beside the package, or nil where there are none (the tests that need them are then skipped).
  package static let shared: String? = ["/../shared/data", "/../../shared/data"].map { package + $0 }
    .first { FileManager.default.fileExists(atPath: $0) }
}
