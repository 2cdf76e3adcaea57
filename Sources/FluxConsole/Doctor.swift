import FluxCore
import FluxLua
import LuaRuntime

/// `fluxbridge doctor`: what this machine offers and what is missing.
public enum Doctor {
  /// One line of the report.
  public struct Row: Sendable {
    public let name: String
    /// What was found; nil when it is missing.
    public let found: @Sendable () -> String?
    /// How to mend it when it is missing: the package's name.
    public let remedy: String

    public init(_ name: String, remedy: String = "", found: @escaping @Sendable () -> String?) {
      self.name = name
      self.remedy = remedy
      self.found = found
    }
  }

  static func run(_ rows: [Row]) -> Int32 {
    let width = rows.map(\.name.count).max() ?? 0
    var missing = 0
    for row in rows {
      let name = row.name + String(repeating: " ", count: width - row.name.count)
      if let text = row.found() {
        StandardStream.output.write("\(name)  \(text)\n")
      } else {
        missing += 1
        StandardStream.output.write("\(name)  missing; \(row.remedy)\n")
      }
    }
    return missing == 0 ? 0 : 1
  }
}
