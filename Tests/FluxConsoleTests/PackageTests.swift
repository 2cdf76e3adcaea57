import Foundation
import Testing

/// The two packages beside the tests import what this one offers to others: the core as `Fluxbridge`, and `LuaRuntime`
/// alone. They are built as anybody would build them, without optimisation, into `.build/examples`: from nothing two
/// minutes on two busy cores, some seconds when the core has not changed.
@Suite("Packages that import this one", .serialized)
struct PackageTests {
  private static let swift: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/swift" }.first { FileManager.default.isExecutableFile(atPath: $0) }

  /// By hand: 0.25 µmol of carbon are 0.25 × 12.011 × 86 400 µg a day, and the Earth has 4πR² m².
  @Test("each builds, runs, and prints what it should", .enabled(if: swift != nil, "there is no 'swift' on PATH"),
    arguments: [("LuaHost", "12.011\n"), ("CarbonUnits", "[3]: 0.2594 gC m-2 d-1, 0.1323 PgC d-1\n")])
  func example(_ name: String, _ output: String) throws {
    let root = SmallEarth.scripts + "/..", scratch = root + "/.build/examples"
    let build = try ChildProgram(
      ["build", "--package-path", "\(root)/Tests/Packages/\(name)", "--scratch-path", scratch],
      program: #require(Self.swift), patience: 900)
    try #require(build.status == 0, "\(build.output)\(build.errors)")
    let run = try ChildProgram([], program: "\(scratch)/debug/\(name)")
    #expect(run.status == 0 && run.output == output, "\(run.output)\(run.errors)")
  }
}
