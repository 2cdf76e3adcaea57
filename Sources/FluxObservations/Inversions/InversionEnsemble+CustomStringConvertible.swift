extension InversionEnsemble: CustomStringConvertible {
  /// `Inversions [member 5, lat 180, lon 360]`
  public var description: String { "Inversions [member \(members.count), lat \(grid.rows), lon \(grid.columns)]" }

  /// The description with members, months and what is taken off, as a short tree.
  public var tree: String {
    let months = months
    var lines = ["members: \(members.joined(separator: ", "))"]
    if let first = months.first, let last = months.last { lines.append("months: \(first) … \(last), \(months.count)") }
    lines.append("taken off: \(adjustments.isEmpty ? "nothing" : adjustments.joined(separator: ", "))")
    return description + lines.enumerated().map { index, line in "\n\(index == lines.count - 1 ? "└──" : "├──") \(line)" }.joined()
  }
}
