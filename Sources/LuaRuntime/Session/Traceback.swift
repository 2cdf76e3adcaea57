/// Lua's traceback as a user should see it.
enum Traceback {
  /// Without the frames of the program itself: C entry points and preludes.
  static func cleaned(_ text: String) -> String? {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines.removeAll { line in
      line.hasPrefix("\t[C]:") || line.hasPrefix("\t[fluxbridge")
    }
    // A chunk that ends in a call of the user's is a tail call of ours.
    if lines.last == "\t(...tail calls...)" { lines.removeLast() }
    return lines.count > 1 ? lines.map { $0.replacingTab() }.joined(separator: "\n") : nil
  }
}

extension String {
  fileprivate func replacingTab() -> String { hasPrefix("\t") ? "  " + dropFirst() : self }
}
