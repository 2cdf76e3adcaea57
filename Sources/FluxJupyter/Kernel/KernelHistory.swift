import FluxConsole
import FluxCore
import FluxDocument

/// The inputs of this session and of earlier ones, which the consoles wrote too.
///
/// Session 1 is everything from before, session 2 this one.
final class KernelHistory {
  private let file: HistoryFile?
  private lazy var earlier: [String] = file?.read() ?? []
  private var own: [(input: String, output: String?)] = []
  /// Of each output; a front end looks for what was there, not for a copy of it.
  private static let mostOutput = 10_000

  func add(_ input: String) {
    _ = earlier  // before this one is in the file
    own.append((input, nil))
    file?.append(input)
  }

  /// What the last input came to, as text.
  func setOutput(_ text: String) {
    guard !own.isEmpty else { return }
    own[own.count - 1].output = text.utf8.count > Self.mostOutput ? String(text.prefix(Self.mostOutput)) + "…" : text
  }

  /// - Parameter file: of the inputs of all consoles; nil for none.
  init(file: HistoryFile? = UserFiles.history.map { HistoryFile(path: $0) }) { self.file = file }

  private typealias Entry = (session: Int, line: Int, input: String, output: String?)

  /// The answer to `history_request`. Results of earlier sessions are not kept: each is null.
  func answer(_ content: JSONText) -> JSONText {
    let all: [Entry] = earlier.enumerated().map { (1, $0.offset + 1, $0.element, nil) }
      + own.enumerated().map { (2, $0.offset + 1, $0.element.input, $0.element.output) }
    let most = content["n"]?.whole.map { max(0, $0) }
    let found: [Entry]
    switch content["hist_access_type"]?.string {
    case "range":
      let asked = content["session"]?.whole ?? 0
      let session = asked > 0 ? asked : 2 + asked
      let start = content["start"]?.whole ?? 1, stop = content["stop"]?.whole ?? .max
      found = all.filter { $0.session == session && $0.line >= start && $0.line < stop }
    case "search":
      let pattern = Array((content["pattern"]?.string ?? "*").unicodeScalars)
      var matching = all.filter { Self.matches(Array($0.input.unicodeScalars), pattern) }
      if content["unique"]?.boolean ?? false {
        var seen: Set<String> = []
        matching = matching.reversed().filter { seen.insert($0.input).inserted }.reversed()
      }
      found = most.map { matching.suffix($0) } ?? matching
    default:
      found = most.map { all.suffix($0) } ?? all
    }
    let withOutput = content["output"]?.boolean ?? false
    return .object([
      ("status", .text("ok")),
      ("history", .list(found.map { entry in
        .list([.integer(entry.session), .integer(entry.line), withOutput ? .list([.text(entry.input), entry.output.map { .text($0) } ?? .null]) : .text(entry.input)])
      })),
    ])
  }

  /// Whether a text matches a pattern with `*` and `?`, in time that grows with their product at most.
  private static func matches(_ text: [Unicode.Scalar], _ pattern: [Unicode.Scalar]) -> Bool {
    var i = 0, j = 0, star: Int?, back = 0
    while i < text.count {
      if j < pattern.count, pattern[j] == "*" {
        star = j
        back = i
        j += 1
      } else if j < pattern.count, pattern[j] == "?" || pattern[j] == text[i] {
        i += 1
        j += 1
      } else if let star {
        back += 1
        i = back
        j = star + 1
      } else {
        return false
      }
    }
    return pattern[j...].allSatisfy { $0 == "*" }
  }
}
