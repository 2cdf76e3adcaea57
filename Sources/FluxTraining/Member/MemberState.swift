/// Where one member stands between two steps: all that its training goes on from.
///
/// The order of batches, the years and the schedule follow from the plan, the epoch and the step, so nothing else is needed
/// for a run that ends bit for bit like one that was never stopped.
struct MemberState {
  var variant = ""
  /// From 0.
  var fold = 0
  /// Epochs that have begun, and steps that are done.
  var epoch = 0, steps = 0
  /// Steps that are done in an epoch that has not ended, and the sum of each term's loss over them; 0 and empty between two epochs.
  var epochSteps = 0, epochSums: [Double] = []
  var weights: [Double] = []
  /// ``ActiveOptimizer/state`` of the model's optimiser, and of the weighting's.
  var optimizer: [Double] = [], weightingOptimizer: [Double] = []
  /// The losses of the first step, which the weighting began with, and its parameters now.
  var firstLosses: [Double] = [], weighting: [Double] = []
  /// ``ActiveWeighting/state``.
  var weightingState: [Double] = []
  /// Log-variances after each step, step by step.
  var history: [Double] = []
  /// The best epoch so far: 0 before the first.
  var bestEpoch = 0, bestScore = 0.0
  var bestWeights: [Double] = []
}
