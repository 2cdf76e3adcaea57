import FluxCore
import Synchronization

/// The bar of the cell that runs, kept up to date in its place.
///
/// Work tells of itself from whatever thread does it, so this is one for the process, as the streams are.
enum KernelProgress {
  private static let cell = Mutex<CellProgress?>(nil)

  /// A cell begins. Nothing is shown for a silent one.
  static func begin(isSilent: Bool) { cell.withLock { $0 = isSilent ? nil : CellProgress() } }

  static func end() { cell.withLock { $0 = nil } }

  static func show(_ state: ProgressState) {
    guard let place = KernelStreams.place else { return }
    cell.withLock { cell in
      guard let wasShown = cell?.isShown, cell?.take(state) == true, let shown = cell else { return }
      place.publish(wasShown ? "update_display_data" : "display_data", .object([
        ("data", .object([("text/plain", .text(shown.text)), ("text/html", .text(shown.html))])), ("metadata", .object([])),
        ("transient", .object([("display_id", .text(shown.name))])),
      ]))
    }
  }
}
