import FluxCore

/// Durations and sizes as people read them.
enum Measures {
  static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<1e-6: "\(significant(seconds * 1e9)) ns"
    case ..<1e-3: "\(significant(seconds * 1e6)) µs"
    case ..<1: "\(significant(seconds * 1e3)) ms"
    default: "\(significant(seconds)) s"
    }
  }

  static func bytes(_ count: Int) -> String {
    let value = Double(count)
    switch value {
    case ..<1024: return "\(count) B"
    case ..<1_048_576: return "\(significant(value / 1024)) KiB"
    case ..<1_073_741_824: return "\(significant(value / 1_048_576)) MiB"
    default: return "\(significant(value / 1_073_741_824)) GiB"
    }
  }

  /// Three significant digits, without an exponent.
  private static func significant(_ x: Double) -> String {
    DecimalText.fixed(x, x < 10 ? 2 : x < 100 ? 1 : 0)
  }
}
