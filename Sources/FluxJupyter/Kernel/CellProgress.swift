import FluxCore
import FluxDocument

/// The one bar of a cell: what works now, and what has worked before it, with its time.
struct CellProgress {
  /// The name under which a front end keeps it, so that each state takes the place of the one before.
  let name = "progress-" + JupyterMessage.identifier()
  private(set) var isShown = false
  private var finished: [(label: String, count: Int, seconds: Double)] = []
  private var current: ProgressState?

  /// What is over sooner than this shows no bar, s.
  static let patience = 0.3
  /// The last so many are told of.
  private static let mostFinished = 6

  /// Takes in where a piece of work stands.
  ///
  /// - Returns: whether there is something to show.
  mutating func take(_ state: ProgressState) -> Bool {
    guard isShown || state.elapsed > Self.patience else { return false }
    isShown = true
    current = state.isFinished ? nil : state
    guard state.isFinished else { return true }
    if let i = finished.firstIndex(where: { $0.label == state.label }) {
      finished[i].count += 1
      finished[i].seconds += state.elapsed
    } else {
      finished.append((state.label, 1, state.elapsed))
    }
    if finished.count > Self.mostFinished { finished.removeFirst() }
    return true
  }

  private var past: String {
    finished.map { work in
      "\(work.label)\(work.count > 1 ? " ×\(work.count)" : "") \(work.seconds < 60 ? DecimalText.fixed(work.seconds, 1) + " s" : Progress.clock(work.seconds))"
    }.joined(separator: " · ")
  }

  /// `training ██████░░░░ 60 %  0:04 left  ec fold 1/2 epoch 6/10`.
  var text: String {
    guard let state = current else { return past }
    let line = ["\(state.label) \(state.bar(24)) \(state.percent) %", state.left, state.note].filter { !$0.isEmpty }.joined(separator: "  ")
    return past.isEmpty ? line : "\(past) · \(line)"
  }

  var html: String {
    guard let state = current else { return HTMLText.faint(past) }
    let before = past.isEmpty ? "" : HTMLText.faint(past + " · ") + " "
    let head = "\(HTMLText.escaped(state.label)) <progress max=\"100\" value=\"\(state.percent)\" style=\"width:14em;vertical-align:middle\"></progress> \(state.percent) %"
    return before + [head, HTMLText.escaped(state.left), HTMLText.faint(state.note)].filter { !$0.isEmpty }.joined(separator: " &nbsp;")
  }
}
