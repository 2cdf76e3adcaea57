import FluxCore
import FluxModels
import FluxObjective
import FluxOperators
import FluxTensor
import Glibc

/// One member of a run: a variant of a plan on a fold. Equal tasks give equal members, bit for bit, wherever they are run.
struct MemberTask {
  let plan: TrainingPlan
  /// From 0.
  let fold: Int
  let variant: TrainingPlan.Variant

  /// What is told while it is trained.
  struct Watch {
    /// After each epoch, between two steps.
    var epoch: (EpochRecord, Member) throws -> Void = { _, _ in }
    /// Before each step but the first of an epoch.
    var step: (Member) throws -> Void = { _ in }
    /// After each step, with the share of all steps that is done.
    var progress: (_ share: Double, _ epoch: Int) -> Void = { _, _ in }
  }

  /// Trains the member to its end.
  ///
  /// - Parameter state: where another left it.
  /// - Throws: ``FluxError`` for a loss that is not finite, naming the step and the term; ``Interrupted`` on Ctrl-C.
  func train(from state: MemberState? = nil, _ watch: Watch = Watch()) throws -> TrainedMember {
    let member = try Member(plan, FoldSplit(plan, fold), variant)
    if let state { try member.restore(state) }
    return try member.train(watch)
  }
}
