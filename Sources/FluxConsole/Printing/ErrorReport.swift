import FluxCore
import Glibc
import LuaRuntime

/// An error as the user reads it: the message with the line of the script that
/// it is about, then the calls that led there.
struct ErrorReport {
  /// The text of an input of the console by its name, `input 3`.
  var input: (String) -> String? = { _ in nil }
  /// A traceback that only repeats the place is left out.
  var isBrief = false
  /// Lines of this source are not quoted: the user has just typed it.
  var known: String?
  var style = TextStyle.plain

  func text(_ error: LuaError) -> String {
    var lines = error.message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if let place = Self.place(in: lines), place.source != known, let quoted = quote(place) {
      // Below the line that names the place: the first of Lua's messages, the last of ours.
      let after = lines.firstIndex { $0.contains("\(place.source):\(place.line)") } ?? lines.count - 1
      lines.insert(quoted, at: after + 1)
    }
    lines = lines.map { $0.hasPrefix("  ") && $0.contains(" | ") ? $0 : style.error($0) }
    if let traceback = error.traceback, !(isBrief && traceback.split(separator: "\n").count <= 2) {
      lines.append(style.faint(traceback))
    }
    return lines.joined(separator: "\n")
  }

  /// `script.lua:12`, taken apart.
  struct Place: Equatable {
    let source: String
    let line: Int
  }

  /// The place that a message names: before its text as Lua does, or on its last line as ours do.
  static func place(in lines: [String]) -> Place? {
    for line in lines.reversed() where line.hasPrefix("  at ") {
      if let place = place(String(line.dropFirst(5)) + ":") { return place }
    }
    guard var text = lines.first, var found = place(text) else { return nil }
    // coroutine.wrap puts its own line before that of the error.
    while text.hasPrefix("\(found.source):\(found.line): ") {
      text = String(text.dropFirst("\(found.source):\(found.line): ".count))
      guard let inner = place(text), inner.source == found.source || inner.source.hasSuffix(".lua") || inner.source.hasPrefix("input ")
      else { break }
      found = inner
    }
    return found
  }

  /// Reads `source:line:` at the start of a text.
  private static func place(_ text: String) -> Place? {
    var start = text.startIndex
    while let colon = text[start...].firstIndex(of: ":") {
      let digits = text[text.index(after: colon)...].prefix { $0.isNumber }
      if let line = Int(digits), text[digits.endIndex...].first == ":", colon > text.startIndex {
        return Place(source: String(text[..<colon]), line: line)
      }
      start = text.index(after: colon)
      if text[..<colon].contains(where: { $0 == "\n" }) { return nil }
    }
    return nil
  }

  /// `    12 | local y = x:sum()`.
  private func quote(_ place: Place) -> String? {
    let text = input(place.source).map { Self.line(place.line, of: $0) } ?? Self.line(place.line, ofFile: place.source)
    guard let text, text.contains(where: { !$0.isWhitespace }) else { return nil }
    let shown = text.count > 200 ? String(text.prefix(200)) + "…" : text
    return "    \(place.line) | \(shown)"
  }

  private static func line(_ number: Int, of text: String) -> String? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.indices.contains(number - 1) ? String(lines[number - 1]) : nil
  }

  private static func line(_ number: Int, ofFile path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var line: UnsafeMutablePointer<CChar>?, capacity = 0
    defer { free(line) }
    for i in 1...max(1, number) {
      let length = getline(&line, &capacity, file)
      guard length >= 0, let line else { return nil }
      if i == number {
        var text = String(decoding: UnsafeRawBufferPointer(start: line, count: min(length, 1000)), as: UTF8.self)
        while text.last?.isNewline == true { text.removeLast() }
        return text
      }
    }
    return nil
  }
}
