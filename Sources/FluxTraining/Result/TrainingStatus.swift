import FluxCore

/// Where a run stands, in a line: what a progress bar shows beside the share that is done.
public struct TrainingStatus: Sendable, CustomStringConvertible {
  public let variant: String
  /// From 1.
  public let fold, folds, epoch, epochs: Int
  /// The last epoch of this member, nil in its first.
  public let last: EpochRecord?
  /// Which of a sweep's cells; nil outside of sweeps.
  public var cell: String?

  public var description: String {
    var parts = (cell.map { [$0] } ?? []) + ["\(variant) fold \(fold)/\(folds) epoch \(epoch)/\(epochs)"]
    if let last {
      let factors = last.weights.count == last.train.count ? last.weights.map { " ×\(Self.short($0))" } : last.train.map { _ in "" }
      parts.append(zip(last.train, factors).map { "\($0.term) \(Self.short($0.loss))\($1)" }.joined(separator: " "))
      parts.append("valid " + last.valid.map { "\($0.term) \(Self.short($0.loss))" }.joined(separator: " "))
      if let gap = last.diagnosis("gap") { parts.append("gap \(DecimalText.fixed(gap, 2)) PgC/yr") }
    }
    return parts.joined(separator: " | ")
  }

  /// Three digits.
  private static func short(_ x: Double) -> String {
    let size = x.magnitude
    return DecimalText.fixed(x, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4)
  }
}
