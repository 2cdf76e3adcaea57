import FluxCore
import FluxLua
import LuaRuntime

/// `fluxbridge doctor`: what this machine offers, and what is missing or does not do its work.
public enum Doctor {
  /// One line of the report.
  public struct Row: Sendable {
    public let name: String
    /// What was found and, of a library that may be missing, what it did; nil when it is missing.
    ///
    /// Throws ``FluxError`` when it is there and does not do its work.
    public let found: @Sendable () throws -> String?
    /// How to mend it when it is missing or fails: the package's name.
    public let remedy: String

    public init(_ name: String, remedy: String = "", found: @escaping @Sendable () throws -> String?) {
      self.name = name
      self.remedy = remedy
      self.found = found
    }
  }

  static func run(_ rows: [Row]) -> Int32 {
    let width = rows.map(\.name.count).max() ?? 0
    var faults = 0
    for row in rows {
      let name = row.name + String(repeating: " ", count: width - row.name.count)
      let fault: String
      do {
        if let text = try row.found() {
          StandardStream.output.write("\(name)  \(text)\n")
          continue
        }
        fault = "missing"
      } catch {
        fault = "failed: \((error as? FluxError)?.came ?? "\(error)")"
      }
      faults += 1
      StandardStream.output.write("\(name)  \(fault); \(row.remedy)\n")
    }
    return faults == 0 ? 0 : 1
  }
}
