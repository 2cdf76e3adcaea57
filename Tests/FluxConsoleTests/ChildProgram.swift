import Foundation
import TestSupport

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

  /// Runs it to its end; presses Ctrl-C once `interruptAfter` has been printed, and once it has worked for `work`
  /// seconds of processor time since then: the sign that a long loop is well under way, however busy the machine is.
  init(
    _ arguments: [String], input: String = "", environment: [String: String] = [:], program: String = path,
    interruptAfter: String? = nil, work: Double = 0, presses: Int = 1, pause: Double = 0.1, patience: Double = 30,
    in folder: String? = nil
  ) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    // Without the user's own start-up file and history.
    process.environment = ProcessInfo.processInfo.environment
      .merging(["XDG_CONFIG_HOME": "/dev/null", "FLUXBRIDGE_HISTORY": ""]) { $1 }.merging(environment) { $1 }
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    let outputPipe = Pipe(), inputPipe = Pipe()
    let place = TestFolder(), errorFile = place.file("errors")
    _ = FileManager.default.createFile(atPath: errorFile, contents: nil)
    process.standardOutput = outputPipe
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errorFile))
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
      let begin = Self.processorTime(of: process), end = Date(timeIntervalSinceNow: patience)
      while work > 0, Self.processorTime(of: process) - begin < work, Date() < end { usleep(10_000) }
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
    errors = (try? String(contentsOfFile: errorFile, encoding: .utf8)) ?? ""
  }

  /// Seconds of all its threads; infinite once it has ended.
  private static func processorTime(of process: Process) -> Double {
    guard let text = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8),
      let end = text.lastIndex(of: ")")
    else { return .infinity }
    // After the name in brackets: the state is field 3; utime and stime are fields 14 and 15.
    let fields = text[end...].split(separator: " ").dropFirst()
    return fields.dropFirst(11).prefix(2).reduce(0) { $0 + (Double($1) ?? 0) } / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}

/// A folder of scripts that goes away with the test.
final class ScriptFolder {
  private let folder = TestFolder()
  var path: String { folder.path }

  init(_ files: [String: String]) throws {
    for (name, text) in files {
      let file = URL(fileURLWithPath: folder.file(name))
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
  }
}
