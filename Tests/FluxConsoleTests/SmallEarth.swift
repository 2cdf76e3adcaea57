import Foundation

/// A synthetic Earth of 6° and three years, written once for all tests that only read it.
enum SmallEarth {
  static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Scripts").path

  private static let written: Result<String, any Error> = Result {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("fluxbridge-small-earth-\(getpid())").path
    atexit { try? FileManager.default.removeItem(atPath: SmallEarth.path) }
    // As scripts write it, with the label that keeps each of them from writing it anew under the others' hands.
    let child = try ChildProgram(
      ["-e", "require 'synthetic_earth' { path = '\(path)', resolution = 6, years = 3, quiet = true }"],
      environment: ["LUA_PATH": scripts + "/lib/?.lua;;"], patience: 300)
    guard child.status == 0 else { throw CocoaError(.fileWriteUnknown, userInfo: [NSLocalizedDescriptionKey: child.errors]) }
    return path
  }
  private static var path: String { (try? written.get()) ?? "" }

  /// A folder of its own for a test, with the Earth in it as `name`.
  static func folder(as name: String, _ files: [String: String] = ["empty.txt": ""]) throws -> ScriptFolder {
    let folder = try ScriptFolder(files)
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/\(name)", withDestinationPath: written.get())
    return folder
  }
}
