import FluxCore
import Glibc

/// File names with `*`, `?` and `[…]`, as in a shell.
public enum FilePattern {
  /// The files that match, sorted; a path without such letters is itself.
  ///
  /// - Throws: ``FluxError`` when a pattern matches nothing.
  public static func paths(matching pattern: String) throws -> [String] {
    guard pattern.contains(where: { "*?[".contains($0) }), access(pattern, F_OK) != 0 else { return [pattern] }
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, GLOB_TILDE, nil, &found) == 0, let names = found.gl_pathv else {
      throw FluxError("no file matches '\(pattern)'", at: "cube.open", expected: "a pattern that matches at least one file")
    }
    return (0..<Int(found.gl_pathc)).compactMap { names[$0].map { String(cString: $0) } }
  }
}
