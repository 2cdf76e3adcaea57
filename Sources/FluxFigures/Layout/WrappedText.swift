/// Words broken into lines of a width; they become smaller only where a single word is too long.
struct WrappedText: Equatable {
  let lines: [String]
  let points: Double

  /// - Parameters:
  ///   - room: of a line, cm.
  ///   - least: points, below which the words rather jut out.
  init(_ text: String, points: Double, room: Double, bold: Bool = false, least: Double = 5.5) {
    func width(_ words: String) -> Double { GMTText.width(words, points: points) * (bold ? 1.07 : 1) }
    self.init(parts: Self.parts(of: text, whole: { width($0) <= room }), points: points, room: room, bold: bold, least: least)
  }

  /// - Parameter parts: of which none is broken.
  init(parts: [String], points: Double, room: Double, bold: Bool = false, least: Double = 5.5) {
    func width(_ words: String) -> Double { GMTText.width(words, points: points) * (bold ? 1.07 : 1) }
    var lines: [String] = []
    for part in parts {
      if let last = lines.last, width(last + " " + part) <= room { lines[lines.count - 1] = last + " " + part } else { lines.append(part) }
    }
    let widest = lines.map(width).max() ?? 0
    self.lines = lines
    self.points = widest > room ? max(min(least, points), points * room / widest) : points
  }

  /// Words; what stands in brackets, such as a unit, is one word where it fits into a line.
  private static func parts(of text: String, whole: (String) -> Bool) -> [String] {
    var parts: [String] = [], open = false
    for word in text.split(separator: " ").map(String.init) {
      if open, let last = parts.last, whole(last + " " + word) { parts[parts.count - 1] = last + " " + word } else { parts.append(word) }
      if word.hasPrefix("(") { open = true }
      if word.hasSuffix(")") || word.hasSuffix("),") { open = false }
    }
    return parts
  }

  static let spacing = 1.22
  var lineHeight: Double { Self.spacing * points * GMTText.cmPerPoint }
  var height: Double { lineHeight * Double(lines.count) }
}
