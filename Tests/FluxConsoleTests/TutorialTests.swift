import Foundation
import Testing

/// `Scripts/tutorial/`, from start to end in one folder, as a newcomer runs it.
@Suite("The tutorial")
struct TutorialTests {
  private let folder: ScriptFolder

  init() throws { folder = try ScriptFolder(["empty.txt": ""]) }

  @Test("its chapters are numbered without a gap, and each names the next")
  func chapters() throws {
    let names = try Self.names()
    for (i, name) in names.enumerated() {
      let text = try String(contentsOfFile: "\(SmallEarth.scripts)/tutorial/\(name)", encoding: .utf8)
      #expect(name.hasPrefix("0\(i + 1)_") && text.hasPrefix("-- Tutorial, \(i + 1) of \(names.count): "), "\(name)")
      if i + 1 < names.count { #expect(text.hasSuffix("-- Next: \(names[i + 1])\n"), "\(name)") }
    }
  }

  @Test("each chapter runs, and prints what stands after its arrows")
  func runs() throws {
    for name in try Self.names() {
      let path = "\(SmallEarth.scripts)/tutorial/\(name)"
      let child = try ChildProgram([path], patience: 900, in: folder.path)
      #expect(child.status == 0, "\(name): \(child.errors)")
      var lines = child.output.replacing("\t", with: "  ").split(separator: "\n")[...]
      for source in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
        guard let arrow = source.range(of: " --> ") else { continue }
        let wanted = source[arrow.upperBound...]
        guard let at = lines.firstIndex(of: wanted) else {
          Issue.record("\(name) does not print '\(wanted)' for: \(source)")
          continue
        }
        lines = lines[lines.index(after: at)...]
      }
    }
  }

  private static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(SmallEarth.scripts)/tutorial").filter { $0.hasSuffix(".lua") }.sorted()
  }
}
