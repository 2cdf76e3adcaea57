import Glibc

/// A bar with the time left, on standard error; silent when that is not a terminal.
public final class Progress {
  private let label: String
  private let isVisible: Bool
  private let began: Double
  private var drawn = 0.0

  public init(_ label: String) {
    self.label = label
    isVisible = isatty(STDERR_FILENO) == 1
    began = MonotonicClock.seconds
  }

  /// - Parameters:
  ///   - share: of the work that is done, 0 to 1.
  ///   - note: what is going on, a few words.
  public func update(_ share: Double, _ note: @autoclosure () -> String = "") {
    let now = MonotonicClock.seconds
    guard isVisible, now - drawn > 0.1 || share >= 1 else { return }
    drawn = now
    let width = 24, filled = Int((max(0, min(1, share)) * Double(width)).rounded())
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    let elapsed = now - began
    let left = share > 0.005 ? Self.clock(elapsed * (1 - share) / share) + " left" : ""
    show("\r\u{1B}[K" + Self.cut("\(label) \(bar) \(Int(share * 100)) % \(left) \(note())", to: Self.columns))
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
    if isVisible && drawn > 0 { show("\r\u{1B}[K") }
  }

  private func show(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if written <= 0 { return }
      bytes = bytes.dropFirst(written)
    }
  }

  /// `1:05` or `1:02:09`.
  static func clock(_ seconds: Double) -> String {
    let s = Int(seconds.rounded())
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    return s >= 3600 ? "\(s / 3600):\(two(s / 60 % 60)):\(two(s % 60))" : "\(s / 60):\(two(s % 60))"
  }
}
