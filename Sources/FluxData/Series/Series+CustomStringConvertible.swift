extension Series: CustomStringConvertible {
  /// `Series nee [member 5, region 18, time 204] PgC month-1`
  public var description: String {
    let axes = zip(dimensions, shape).map { "\($0) \($1)" }.joined(separator: ", ")
    return "Series \(name) [\(axes)] \(unit)"
  }

  /// The description with what the axes hold, as a short tree.
  public var tree: String {
    func short(_ names: [String]) -> String {
      names.count <= 8 ? names.joined(separator: " ") : names.prefix(7).joined(separator: " ") + " … " + (names.last ?? "")
    }
    let missing = values.count(where: \.isNaN)
    var lines = ["time: \(timeSpan)", "regions: \(short(regions))"]
    if let members { lines.insert("members: \(short(members))", at: 0) }
    if missing > 0 { lines.append("missing: \(missing) of \(values.count) values") }
    lines += notes.map { "note: \($0)" }
    return description + lines.enumerated().map { index, line in "\n\(index == lines.count - 1 ? "└──" : "├──") \(line)" }.joined()
  }
}
