import LuaRuntime

extension Help {
  /// Names, signatures and summaries that hold every one of the words, one line each.
  ///
  /// - Parameter words: in any order, letter case aside; parts of words count.
  static func search(_ words: String, in session: LuaSession) -> [String] {
    let wanted = words.lowercased().split(whereSeparator: \.isWhitespace)
    guard !wanted.isEmpty else { return [] }
    let found = topics(session).filter { topic in
      let text = "\(topic.place) \(topic.signature) \(topic.summary)".lowercased()
      return wanted.allSatisfy { text.contains($0) }
    }
    // What has the word in its name comes first.
    let sorted = found.filter { topic in wanted.contains { topic.place.lowercased().contains($0) } }
      + found.filter { topic in !wanted.contains { topic.place.lowercased().contains($0) } }
    let width = min(32, sorted.map(\.place.count).max() ?? 0)
    return sorted.map { "\(padded($0.place, width))  \(shortened($0.summary, to: 100 - max(width, $0.place.count)))" }
  }

  /// Cut between words.
  private static func shortened(_ text: String, to limit: Int) -> String {
    guard text.count > limit else { return text }
    var words = text.prefix(limit - 2).split(separator: " ", omittingEmptySubsequences: false)
    if words.count > 1 { words.removeLast() }
    return words.joined(separator: " ") + " …"
  }

  /// Everything that has a help text.
  private static func topics(_ session: LuaSession) -> [(place: String, signature: String, summary: String)] {
    var topics: [(String, String, String)] = []
    for module in session.modules {
      if !module.name.isEmpty { topics.append((module.name, "", module.summary)) }
      topics += module.declarations.map { (place($0, in: module), $0.signatureText, $0.summary) }
    }
    for type in FluxLibrary.types {
      topics.append((type.name, "", type.summary))
      topics += type.declarations.filter(\.isNamed).map { (type.name + place($0, of: type), $0.signatureText, $0.summary) }
    }
    topics += LuaLibraryHelp.entries.map { ($0.name, $0.signature, $0.summary) }
    return topics
  }
}
