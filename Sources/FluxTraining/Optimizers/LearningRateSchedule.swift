import Glibc

/// The factor of the learning rate in each epoch.
public indirect enum LearningRateSchedule: Sendable, Equatable, CustomStringConvertible {
  case constant
  /// ½ (1 + cos) from 1 in the first epoch down to `final` (Loshchilov and Hutter 2017, arXiv:1608.03983).
  ///
  /// - Parameter epochs: how long it falls; the run's when nil.
  case cosine(final: Double, epochs: Int?)
  /// `factor` once more after every `every` epochs.
  case steps(every: Int, factor: Double)
  /// Rises in equal parts over `epochs`, the last of which has 1; then the other, counted from 1.
  case warmup(epochs: Int, then: LearningRateSchedule)

  /// - Parameters:
  ///   - epoch: from 1.
  ///   - count: epochs of the run.
  public func factor(_ epoch: Int, of count: Int) -> Double {
    switch self {
    case .constant: return 1
    case .cosine(let final, let epochs):
      let length = epochs ?? count
      if epoch > length { return final }
      return final + (1 - final) * (0.5 * (1 + cos(.pi * Double(epoch - 1) / Double(max(1, length)))))
    case .steps(let every, let factor): return pow(factor, Double((epoch - 1) / max(1, every)))
    case .warmup(let epochs, let then):
      return epoch <= epochs ? Double(epoch) / Double(max(1, epochs)) : then.factor(epoch - epochs, of: count - epochs)
    }
  }

  public var description: String {
    switch self {
    case .constant: "constant"
    case .cosine(let final, let epochs): "cosine to \(final)" + (epochs.map { " over \($0) epochs" } ?? "")
    case .steps(let every, let factor): "× \(factor) every \(every) epochs"
    case .warmup(let epochs, let then): "rising over \(epochs) epochs, then \(then)"
    }
  }
}
