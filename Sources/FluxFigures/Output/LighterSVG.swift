/// A smaller SVG that looks the same. Cairo writes the outline of a map once for each piece of coast that it clips, and places to a
/// millionth of a point: here an outline is kept once, and places to a hundredth, which is a third of a hair.
enum LighterSVG {
  static func text(_ svg: [UInt8]) -> [UInt8] { withoutDoubleClips(withRoundedPaths(svg)) }

  /// What stands in `d="…"` with two decimals.
  static func withRoundedPaths(_ svg: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [], i = 0, inPath = false
    result.reserveCapacity(svg.count)
    let mark = Array(" d=\"".utf8)
    while i < svg.count {
      let c = svg[i]
      if !inPath {
        inPath = c == mark[3] && i >= 3 && svg[i - 3] == mark[0] && svg[i - 2] == mark[1] && svg[i - 1] == mark[2]
      } else if c == 34 {
        inPath = false
      } else if isDigit(c) {
        var end = i
        while end < svg.count, isDigit(svg[end]) || svg[end] == 46 { end += 1 }
        result += rounded(svg[i..<end])
        i = end
        continue
      }
      result.append(c)
      i += 1
    }
    return result
  }

  private static func isDigit(_ c: UInt8) -> Bool { c >= 48 && c <= 57 }

  /// `12.345678` as `12.35`; what is no plain number stays.
  private static func rounded(_ text: ArraySlice<UInt8>) -> [UInt8] {
    guard let point = text.firstIndex(of: 46), point + 1 < text.endIndex, point == text.lastIndex(of: 46), point - text.startIndex < 9 else { return Array(text) }
    var value = 0, place = 1000
    for c in text[..<point] { value = value * 10 + Int(c - 48) }
    value *= 1000
    for c in text[(point + 1)...].prefix(3) {
      place /= 10
      value += Int(c - 48) * place
    }
    let hundredths = (value + 5) / 10, fraction = hundredths % 100
    let digits = fraction == 0 ? "" : fraction % 10 == 0 ? ".\(fraction / 10)" : fraction < 10 ? ".0\(fraction)" : ".\(fraction)"
    return Array("\(hundredths / 100)\(digits)".utf8)
  }

  /// With one `clipPath` for all of equal shape.
  static func withoutDoubleClips(_ svg: [UInt8]) -> [UInt8] {
    let open = Array("<clipPath id=\"".utf8), close = Array("</clipPath>".utf8), use = Array("url(#".utf8)
    var result: [UInt8] = [], known: [ArraySlice<UInt8>: [UInt8]] = [:], other: [ArraySlice<UInt8>: [UInt8]] = [:], i = 0
    result.reserveCapacity(svg.count)
    func begins(_ word: [UInt8], _ at: Int) -> Bool { at + word.count <= svg.count && svg[at] == word[0] && svg[at..<at + word.count].elementsEqual(word) }
    while i < svg.count {
      if svg[i] == open[0], begins(open, i), let name = svg[(i + open.count)...].firstIndex(of: 34), let end = (name..<svg.count).first(where: { begins(close, $0) }) {
        let id = svg[(i + open.count)..<name], shape = svg[name..<end]
        if let first = known[shape] {
          other[id] = first
          i = end + close.count
          if i < svg.count, svg[i] == 10 { i += 1 }
          continue
        }
        known[shape] = Array(id)
        result += svg[i..<end]
        i = end
      } else if svg[i] == use[0], begins(use, i), let end = svg[(i + use.count)...].firstIndex(of: 41) {
        let id = svg[(i + use.count)..<end]
        result += use
        result += other[id] ?? Array(id)
        i = end
      } else {
        result.append(svg[i])
        i += 1
      }
    }
    return result
  }
}
