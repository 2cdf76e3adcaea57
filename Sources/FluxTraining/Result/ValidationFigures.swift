/// What a selection score of one's own is made of: one epoch's figures.
public struct ValidationFigures: Sendable {
  /// Both from 1.
  public let epoch, fold: Int
  public let variant: String
  /// Loss of each term at the validation sites and years, and its mean over the epoch's steps.
  public let valid, train: [(term: String, loss: Double)]
  /// The factor of each term at the end of the epoch; empty with one term.
  public let weights: [Double]
}
