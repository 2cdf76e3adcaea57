import Foundation
import TestSupport
import Testing

/// The counts of known blemishes that may fall and never rise, and the files that are still allowed an exception.
///
/// They stand in `Tests/HouseTests/ratchets.txt`, a line each: `count NAME: NUMBER` and `allowed NAME: PATH`.
/// With `FLUXBRIDGE_RATCHETS=write` in the environment the tests write what has fallen there; they never raise it.
enum Ratchets {
  static let path = "Tests/HouseTests/ratchets.txt"
  /// How far a count may lie below its number before the number has to follow.
  static let slack = 20

  /// Fails when a count is above its number, or so far below that the number says nothing any more.
  static func check(_ name: String, _ places: [House.Place], _ location: SourceLocation = #_sourceLocation) {
    guard let allowed = number(name) else {
      Issue.record("no line 'count \(name): NUMBER' in \(path); today \(places.count)", sourceLocation: location)
      return
    }
    if places.count > allowed {
      Issue.record(
        """
        \(name): \(places.count), and \(allowed) are allowed. Mend those that came; the number is never raised.
        \(House.list(places))
        """, sourceLocation: location)
    }
    guard places.count < allowed else { return }
    lower(name, to: places.count)
    let remedy = "\(name): only \(places.count) are left: write 'count \(name): \(places.count)' in \(path)"
    print(remedy)
    if places.count < allowed - slack, !isWriting {
      Issue.record(Comment(rawValue: remedy), sourceLocation: location)
    }
  }

  /// Fails for files that are not allowed an exception, and for allowed ones that no longer need it.
  static func checkFiles(_ name: String, _ places: [House.Place], _ location: SourceLocation = #_sourceLocation) {
    let allowed = lines.compactMap { value("allowed \(name): ", $0) }
    let others = places.filter { !allowed.contains($0.path) }
    if !others.isEmpty {
      Issue.record("\(name) in files that should not know it:\n\(House.list(others))", sourceLocation: location)
    }
    let idle = allowed.filter { path in !places.contains { $0.path == path } }
    if !idle.isEmpty {
      let lines = idle.map { "\n  allowed \(name): \($0)" }.joined()
      Issue.record("no longer needed in \(path):\(lines)", sourceLocation: location)
    }
  }

  private static var isWriting: Bool { ProcessInfo.processInfo.environment["FLUXBRIDGE_RATCHETS"] == "write" }
  private static let writing = NSLock()

  private static var lines: [String] {
    House.text(path).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private static func number(_ name: String) -> Int? {
    lines.lazy.compactMap { value("count \(name): ", $0) }.first.flatMap { Int($0) }
  }

  private static func value(_ head: String, _ line: String) -> String? {
    line.hasPrefix(head) ? String(line.dropFirst(head.count)) : nil
  }

  private static func lower(_ name: String, to count: Int) {
    guard isWriting else { return }
    writing.withLock {
      let head = "count \(name): "
      let text = lines.map { value(head, $0) == nil ? $0 : head + String(count) }.joined(separator: "\n")
      try? text.write(toFile: TestFiles.package + "/" + path, atomically: true, encoding: .utf8)
    }
  }
}
