import FluxCore
import FluxTensor
import LuaRuntime

/// How tensors print: never more than a corner is read.
extension Tensor {
  /// The shape with dimension names: `[region 18, month 12]`.
  var shapeText: String {
    guard let names else { return shape.description }
    return "[" + zip(names, shape.dimensions).map { $0.isEmpty ? "\($1)" : "\($0) \($1)" }.joined(separator: ", ") + "]"
  }

  public var luaDescription: String {
    let values = leadingPositions(9).map { text(at: $0) }
    if rank == 0 { return "Tensor \(values[0]) \(dtype)" }
    return "Tensor \(shapeText) \(dtype):" + values.prefix(8).map { " " + $0 }.joined() + (values.count > 8 ? " …" : "")
  }

  /// The corner of the (first) matrix, and a summary of large tensors.
  public var luaTree: String {
    guard rank >= 2, count > 0, shape[rank - 2] > 1 || rank > 2 else { return luaDescription }
    let (height, width) = (shape[rank - 2], shape[rank - 1])
    let rows = Swift.min(6, height), columns = Swift.min(8, width)
    let cells = (0..<rows).map { r in (0..<columns).map { c in text(at: r * strideOfRows + c * strideOfColumns) } }
    let cellWidth = cells.joined().map(\.count).max() ?? 1
    var lines = ["Tensor \(shapeText) \(dtype)"]
    if rank > 2 { lines[0] += ", of which the first [\(height), \(width)]" }
    for row in cells {
      lines.append("  " + row.map { String(repeating: " ", count: cellWidth - $0.count) + $0 }.joined(separator: "  ") + (columns < width ? "  …" : ""))
    }
    if rows < height { lines.append("  …") }
    if let summary { lines.append("  " + summary) }
    return lines.joined(separator: "\n")
  }

  /// `min … mean … max …, 12 missing` of a tensor too large to be looked over, and small enough to be walked at once.
  private var summary: String? {
    guard count > 48, count <= 1 << 24, dtype.isFloating else { return nil }
    var low = Double.infinity, high = -Double.infinity, total = 0.0, missing = 0
    forEach { x in
      if x.isNaN { missing += 1; return }
      low = Swift.min(low, x)
      high = Swift.max(high, x)
      total += x
    }
    if missing == count { return "all missing" }
    return "min \(text(low)), mean \(text(total / Double(count - missing))), max \(text(high))" + (missing > 0 ? ", \(missing) missing" : "")
  }

  private func text(at position: Int) -> String {
    dtype == .int64 ? "\(wholeElement(position))" : text(element(position))
  }

  private func text(_ x: Double) -> String {
    x == x.rounded() && abs(x) < 1e6 ? "\(Int(x))" : dtype == .float32 ? "\(Float(x))" : "\(x)"
  }
}
