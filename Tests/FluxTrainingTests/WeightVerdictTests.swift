import Testing

@testable import FluxTraining

/// What a run may say of learned weights.
@Suite("Whether learned weights have settled")
struct WeightVerdictTests {
  private static func result(epochs: Int, weights: (Int) -> [Double], terms: [String] = ["ec", "atm"]) -> TrainingResult {
    let records = (1...epochs).map { epoch in
      EpochRecord(variant: "ec_atm", fold: 1, epoch: epoch, train: [], valid: [], weights: weights(epoch), score: 0, seconds: 0, diagnoses: [], seed: 1, replicate: 0)
    }
    return TrainingResult(members: [], records: records, variants: [.init("ec_atm", terms: terms)], sites: [], foldsBySeed: [], expected: 1, settings: { [] })
  }

  @Test("fixed weights and single terms have nothing to settle")
  func fixed() {
    #expect(Self.result(epochs: 50, weights: { _ in [1, 0.5] }).weightVerdict == .none)
    #expect(Self.result(epochs: 50, weights: { _ in [] }, terms: ["ec"]).weightVerdict == .none)
    #expect(WeightVerdict.none.words == nil)
  }

  @Test("a run of few epochs cannot tell, a longer one can")
  func short() {
    let two = Self.result(epochs: 2, weights: { [1, 0.5 + 0.001 * Double($0)] }).weightVerdict
    #expect(two == .tooShort(epochs: 2))
    #expect(two.words == "2 epochs are too few to tell whether the learned term weights had settled.")
    #expect(Self.result(epochs: 10, weights: { [1, 0.5 + 0.001 * Double($0)] }).weightVerdict == .settled)
  }
}
