import FluxOperators
import FluxCore
import FluxData
import FluxTensor

/// ℓ_ATM, predicted regional months against inversions (Eqs. 6–8):
///
///   ℓ[r, m] = (mean over members |A − m̂|³)^{1/3}
///   ℓ_ATM   = Σ_r (area_r / Σ area) mean over months ℓ[r, m] / (1 + range[r, m])
///
/// - Units: PgC month⁻¹.
public final class RegionalTerm: RangeNormalised {
  /// What a regional month's misfit is divided by (Eq. 7).
  public enum Normalisation: String, Sendable, CaseIterable {
    case onePlusRange = "one_plus_range", range, none
  }

  /// What predicts the totals.
  public let bridge: any RegionalOperator
  /// What the inversions say of them.
  public let target: RegionalMonths
  private let stream: Stream
  /// Over the inversions (Eq. 6).
  public let norm: MemberNorm
  /// Over the inversions (Eq. 6).
  public let normalisation: Normalisation
  /// PgC month⁻¹ → the unit in which 1 + range is taken: Eq. 7 depends on it (SCIENCE §7).
  public let rangeFactor: Double
  /// Eq. 8 as printed weighs a regional total by the region's area; `false` divides by the area first.
  public let isExtensive: Bool
  private let weight: Tensor, allWeights: Tensor

  /// - Throws: ``FluxError`` when the target lacks a region of the bridge.
  public init(
    bridge: any RegionalOperator, target: Series, norm: MemberNorm = MemberNorm(), normalisation: Normalisation = .onePlusRange,
    rangeFactor: Double = 1, isExtensive: Bool = true
  ) throws {
    self.bridge = bridge
    self.target = try RegionalMonths(target, regions: bridge.regions, at: "objective.regional")
    stream = try Stream("regional", bridge, self.target)
    self.norm = norm
    self.normalisation = normalisation
    self.rangeFactor = rangeFactor
    self.isExtensive = isExtensive
    // Divided by its area relative to the mean, a region keeps the order of magnitude of its total.
    weight = try Tensor(bridge.areas.map { isExtensive ? $0 : 1 }, names: ["region"])
    allWeights = try weight.sum()
  }

  public var reads: [Reading] { [.stream(stream)] }

  public func evaluate(_ step: TrainingStep) throws -> Tensor {
    let predicted = try step.predict(bridge)
    let window = try step.window(for: bridge), observed = try target.values(window)
    guard observed.shape.dimensions.dropFirst().elementsEqual(predicted.shape.dimensions) else {
      throw FluxError("the bridge predicts \(predicted.shape), the target has \(observed.shape) in \(window)", at: "objective.regional",
        expected: "[region, month] and [member, region, month] of one year", remedy: "Train on years that drivers and target cover whole.")
    }
    let loss = try norm(observed, predicted)
    let normalised = switch normalisation {
    case .none: loss
    case .onePlusRange: try loss.divided(by: target.range(window).multiplied(by: loss.number(rangeFactor)).adding(loss.number(1)))
    case .range: try loss.divided(by: target.range(window).multiplied(by: loss.number(rangeFactor)))
    }
    // Months without members are missing, and a region without months adds nothing.
    // Divided at the end, as one writes it in a script: the same sum to the last bit.
    return try normalised.nanmean(1).multiplied(by: weight).nansum().divided(by: allWeights)
  }

  public func onePlusRange() throws -> (smallest: Double, largest: Double) {
    var smallest = Double.infinity, largest = -Double.infinity
    for year in target.wholeYears {
      for v in try target.range(.year(year)).doubles() where !v.isNaN {
        smallest = min(smallest, 1 + v * rangeFactor)
        largest = max(largest, 1 + v * rangeFactor)
      }
    }
    return (smallest, largest)
  }
}

/// A term whose misfits are divided by 1 + range (Eq. 7).
public protocol RangeNormalised: ObjectiveTerm {
  /// Minimum and maximum of 1 + range over all regions and months: how inert Eq. 7 is.
  ///
  /// - Throws: what the observations throw.
  func onePlusRange() throws -> (smallest: Double, largest: Double)
}
