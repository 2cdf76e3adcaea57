import Glibc
import Synchronization

/// A bar with the time left: on standard error where that is a terminal, or wherever ``display`` shows it; silent elsewhere.
public final class Progress {
  private let label: String
  private let isTerminal: Bool
  private let show: (@Sendable (ProgressState) -> Void)?
  private let began: Double
  private var drawn = 0.0
  private var last: (share: Double, note: String)?

  /// What shows bars in place of the terminal, such as a notebook; nil for none. It is set before any work is done.
  public static var display: (@Sendable (ProgressState) -> Void)? {
    get { shared.withLock { $0 } }
    set { shared.withLock { $0 = newValue } }
  }
  private static let shared = Mutex<(@Sendable (ProgressState) -> Void)?>(nil)

  public init(_ label: String) {
    self.label = label
    show = Self.display
    isTerminal = show == nil && isatty(STDERR_FILENO) == 1
    began = MonotonicClock.seconds
  }

  /// - Parameters:
  ///   - share: of the work that is done, 0 to 1.
  ///   - note: what is going on, a few words.
  public func update(_ share: Double, _ note: @autoclosure () -> String = "") {
    let now = MonotonicClock.seconds
    guard isTerminal || show != nil, now - drawn > 0.1 || share >= 1 else { return }
    drawn = now
    let state = ProgressState(label: label, share: share, note: note(), elapsed: now - began)
    last = (state.share, state.note)
    if let show { return show(state) }
    write("\r\u{1B}[K" + Self.cut("\(label) \(state.bar(24)) \(state.percent) % \(state.left) \(state.note)", to: Self.columns))
  }

  /// A line longer than the terminal would begin another with each redraw.
  static func cut(_ line: String, to width: Int) -> String {
    line.count < width ? line : String(line.prefix(max(0, width - 2))) + "…"
  }

  private static var columns: Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// Takes the bar away.
  public func finish() {
    guard let last else { return }
    if let show {
      show(ProgressState(label: label, share: last.share, note: last.note, elapsed: MonotonicClock.seconds - began, isFinished: true))
    } else if isTerminal {
      write("\r\u{1B}[K")
    }
    self.last = nil
  }

  private func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if written <= 0 { return }
      bytes = bytes.dropFirst(written)
    }
  }

  /// `1:05` or `1:02:09`.
  public static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let s = Int(seconds.rounded())
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    return s >= 3600 ? "\(s / 3600):\(two(s / 60 % 60)):\(two(s % 60))" : "\(s / 60):\(two(s % 60))"
  }
}
