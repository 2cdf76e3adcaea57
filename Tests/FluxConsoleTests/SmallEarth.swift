import Foundation

/// A synthetic Earth of 6° and three years, written once for all tests that only read it.
enum SmallEarth {
  static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Scripts").path

  private static let written: Result<String, any Error> = Result {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("fluxbridge-small-earth-\(getpid())").path
    atexit { try? FileManager.default.removeItem(atPath: SmallEarth.path) }
    let child = try ChildProgram(["-e", "twin.archive { path = '\(path)', resolution = 6, years = { 2001, 2003 } }"], patience: 300)
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
