import Glibc

/// The inputs of earlier sessions, one a line, oldest first; a line break inside
/// an input is `\n`, a backslash is `\\`.
///
/// Each input is appended at once, so that sessions side by side keep each
/// other's and a killed one loses nothing. A file that cannot be written costs
/// only the memory of the next session.
package final class HistoryFile {
  private let path: String
  private var last: String?

  private static let mostInputs = 5000
  private static let mostBytes = 8 << 20

  package init(path: String) { self.path = path }

  /// All inputs, oldest first. A file that has grown beyond twice the limit is cut to it.
  package func read() -> [String] {
    guard let lines = lines() else { return [] }
    let kept = lines.suffix(Self.mostInputs)
    if lines.count > 2 * Self.mostInputs { rewrite(Array(kept)) }
    let inputs = kept.map(Self.decoded)
    last = inputs.last
    return inputs
  }

  /// Adds an input; one that repeats the last is left out. Says whether it was added.
  @discardableResult
  package func append(_ input: String) -> Bool {
    guard input != last, input.utf8.count <= 1 << 20 else { return false }
    last = input
    makeFolder()
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return true }
    defer { close(descriptor) }
    var text = Self.encoded(input) + "\n"
    _ = text.withUTF8 { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    return true
  }

  private func lines() -> [String]? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    guard fseek(file, 0, SEEK_END) == 0 else { return nil }
    let size = ftell(file), skipped = max(0, size - Self.mostBytes)
    guard size > 0, fseek(file, skipped, SEEK_SET) == 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: size - skipped)
    let count = fread(&bytes, 1, bytes.count, file)
    let lines = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").map(String.init)
    return skipped > 0 ? Array(lines.dropFirst()) : lines
  }

  private func rewrite(_ lines: [String]) {
    let temporary = "\(path).\(getpid())"
    guard let file = fopen(temporary, "wxe") else { return }
    fchmod(fileno(file), 0o600)
    for line in lines { fputs(line + "\n", file) }
    if fclose(file) != 0 || rename(temporary, path) != 0 { unlink(temporary) }
  }

  private func makeFolder() {
    var folder = ScriptPath.folder(of: path), missing: [String] = []
    while access(folder, F_OK) != 0, folder.count > 1, folder != "." {
      missing.append(folder)
      folder = ScriptPath.folder(of: folder)
    }
    for folder in missing.reversed() { mkdir(folder, 0o700) }
  }

  static func encoded(_ input: String) -> String {
    var line = ""
    for c in input.unicodeScalars {
      switch c {
      case "\\": line += "\\\\"
      case "\n": line += "\\n"
      default: line.unicodeScalars.append(c)
      }
    }
    return line
  }

  static func decoded(_ line: String) -> String {
    var input = "", isEscaped = false
    for c in line.unicodeScalars {
      if isEscaped {
        input += c == "n" ? "\n" : String(c)
        isEscaped = false
      } else if c == "\\" {
        isEscaped = true
      } else {
        input.unicodeScalars.append(c)
      }
    }
    return input
  }
}
