import Foundation

/// The built program, run as a user runs it.
struct ChildProgram {
  var output = ""
  var errors = ""
  var status: Int32 = -1

  /// The binary beside the test bundle.
  static var path: String {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent("fluxbridge").path
  }

  /// Runs it to its end; presses Ctrl-C once `interruptAfter` has been printed.
  init(_ arguments: [String], input: String = "", environment: [String: String] = [:], program: String = path, interruptAfter: String? = nil, presses: Int = 1, pause: Double = 0.1, patience: Double = 30, in folder: String? = nil) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    // Without the user's own start-up file and history.
    process.environment = ProcessInfo.processInfo.environment
      .merging(["XDG_CONFIG_HOME": "/dev/null", "FLUXBRIDGE_HISTORY": ""]) { $1 }.merging(environment) { $1 }
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    let outputPipe = Pipe(), inputPipe = Pipe()
    let errorFile = FileManager.default.temporaryDirectory.appendingPathComponent("fluxbridge-\(UUID().uuidString)")
    _ = FileManager.default.createFile(atPath: errorFile.path, contents: nil)
    defer { try? FileManager.default.removeItem(at: errorFile) }
    process.standardOutput = outputPipe
    process.standardError = try FileHandle(forWritingTo: errorFile)
    process.standardInput = inputPipe
    try process.run()
    inputPipe.fileHandleForWriting.write(Data(input.utf8))
    try inputPipe.fileHandleForWriting.close()
    if let interruptAfter {
      while !output.contains(interruptAfter) {
        let data = outputPipe.fileHandleForReading.availableData
        if data.isEmpty { break }
        output += String(decoding: data, as: UTF8.self)
      }
      for _ in 0..<presses {
        Thread.sleep(forTimeInterval: pause)
        kill(process.processIdentifier, SIGINT)
      }
    }
    // A program that Ctrl-C does not end must not hang the tests.
    let watchdog = DispatchWorkItem { kill(process.processIdentifier, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + patience, execute: watchdog)
    output += String(decoding: outputPipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    watchdog.cancel()
    status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    errors = (try? String(contentsOf: errorFile, encoding: .utf8)) ?? ""
  }
}

/// A folder of scripts that goes away with the test.
final class ScriptFolder {
  let path: String

  init(_ files: [String: String]) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fluxbridge-\(UUID().uuidString)")
    path = folder.path
    for (name, text) in files {
      let file = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
