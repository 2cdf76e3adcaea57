import FluxCore

/// The places of chosen labels among an operator's own.
public enum LabelChoice {
  /// - Parameter axis: what the labels are, `region`.
  /// - Throws: ``FluxError`` for a label that the operator does not have, with the nearest.
  public static func places(
    of labels: [String], among known: [String], axis: String = "region", at place: String = "bridge:only"
  ) throws -> [Int] {
    try labels.map { label in
      if let place = known.firstIndex(of: label) { return place }
      throw FluxError(
        "no \(axis) '\(label)'\(NearestName.hint(label, among: known))", at: place,
        expected: "one of \(known.joined(separator: ", "))")
    }
  }
}
