/// Where one piece of work stands, for whatever shows it.
public struct ProgressState: Sendable {
  public let label: String
  /// Of the work that is done, 0 to 1.
  public let share: Double
  /// What is going on, a few words.
  public let note: String
  /// Since the work began, s.
  public let elapsed: Double
  /// Whether nothing more is to come, whether the work was done or given up.
  public let isFinished: Bool

  public init(label: String, share: Double, note: String = "", elapsed: Double, isFinished: Bool = false) {
    (self.label, self.note, self.elapsed, self.isFinished) = (label, note, elapsed, isFinished)
    self.share = share.isFinite ? max(0, min(1, share)) : 0
  }

  public var percent: Int { Int(share * 100) }

  /// `0:12 left`; empty while nobody can know.
  public var left: String { share > 0.005 && !isFinished ? Progress.clock(elapsed * (1 - share) / share) + " left" : "" }

  /// A bar of so many characters.
  public func bar(_ width: Int) -> String {
    let filled = Int((share * Double(width)).rounded())
    return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
  }
}
