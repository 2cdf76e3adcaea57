/// Lua's traceback as a user should see it.
enum Traceback {
  /// Without the frames of the program itself: C entry points and preludes.
  static func cleaned(_ text: String) -> String? {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines.removeAll { line in
      line == "\t[C]: in ?" || line.hasPrefix("\t[fluxbridge") || line.hasPrefix("\t[C]: in function 'error'")
    }
    return lines.count > 1 ? lines.map { $0.replacingTab() }.joined(separator: "\n") : nil
  }
}

extension String {
  fileprivate func replacingTab() -> String { hasPrefix("\t") ? "  " + dropFirst() : self }
}
