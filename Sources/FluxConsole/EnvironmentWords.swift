import Glibc

/// Variables of the environment whose words are few: a word that means nothing is told once, at the start.
enum EnvironmentWords {
  private static let libraries = ["libgmt", "libchafa", "libnlopt", "libzmq"], pictures = ["sixels", "kitty", "blocks"]

  /// - Parameter variable: the value of a variable, nil where it is not set.
  /// - Returns: a line for each word that is not known.
  static func warnings(_ variable: (String) -> String?) -> [String] {
    var lines: [String] = []
    let hidden = (variable("FLUXBRIDGE_WITHOUT") ?? "").split { $0 == " " || $0 == "," }.map(String.init)
    for word in hidden where !libraries.contains(where: { $0.hasPrefix(word) || word.hasPrefix($0) }) {
      lines.append("FLUXBRIDGE_WITHOUT names '\(word)', which is no library that can be left out; valid: \(libraries.joined(separator: ", "))")
    }
    if let word = variable("FLUXBRIDGE_PICTURES"), !word.isEmpty, !pictures.contains(word) {
      lines.append("FLUXBRIDGE_PICTURES is '\(word)', and is taken for not set; valid: \(pictures.joined(separator: ", "))")
    }
    return lines
  }

  /// Of this process.
  static func warnings() -> [String] { warnings { getenv($0).map { String(cString: $0) } } }
}
