import Glibc

/// Where a user's own files lie, by the XDG rules.
package enum UserFiles {
  /// Run before the first prompt: `~/.config/fluxbridge/init.lua`.
  package static var initFile: String? { path("XDG_CONFIG_HOME", ".config", "init.lua") }

  /// The inputs of all sessions: `~/.local/state/fluxbridge/history`; `FLUXBRIDGE_HISTORY`
  /// names another file, or none when it is empty.
  package static var history: String? {
    if let chosen = getenv("FLUXBRIDGE_HISTORY") {
      let text = String(cString: chosen)
      return text.isEmpty ? nil : text
    }
    return path("XDG_STATE_HOME", ".local/state", "history")
  }

  private static func path(_ variable: String, _ fallback: String, _ name: String) -> String? {
    if let folder = getenv(variable), folder.pointee == UInt8(ascii: "/") { return "\(String(cString: folder))/fluxbridge/\(name)" }
    guard let home = getenv("HOME"), home.pointee != 0 else { return nil }
    return "\(String(cString: home))/\(fallback)/fluxbridge/\(name)"
  }
}
