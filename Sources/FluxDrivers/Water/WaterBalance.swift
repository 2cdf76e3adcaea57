/// A bucket model of plant-available water, and the index made of it.
///
/// Two layers (the default): rain and snow melt fill the upper layer, what
/// overflows fills the lower, the rest runs off. Each layer can supply 0.05 of
/// its water a day; the demand is met from the upper layer first.
///
///     E₁ = min(D, k W₁)    E₂ = min(D − E₁, k W₂)    index = W₂ / W₂max
///
/// One layer: recharge R = min(P + M, W_max − W), E = min(D, k (W + R)), and
/// melt takes the net radiation as well as the temperature.
///
/// Precipitation falls as snow below 0 °C. A frozen pixel's snow grows for
/// ever: nothing carries it off, as nothing does in the budget.
///
/// - Reference: Tramontana et al. (2016), doi:10.5194/bg-13-4291-2016.
public struct WaterBalance: Sendable, Equatable {
  public enum Layers: Int, Sendable { case one = 1, two = 2 }

  public var layers: Layers
  /// Capacity of the upper layer, mm. Not used by one layer.
  public var upperCapacity = 15.0
  /// Capacity of the lower (or only) layer, mm.
  public var lowerCapacity = 100.0
  /// Share of its water that a layer can supply in a day, d⁻¹.
  public var supplyRate = 0.05
  /// Melt per degree above zero, mm °C⁻¹ d⁻¹.
  public var degreeDayMelt = 3.0
  /// Melt per net radiation when the air is above zero, mm (MJ m⁻²)⁻¹. Only with one layer.
  public var radiationMelt = 2.0

  public init(layers: Layers = .two) { self.layers = layers }

  /// Water stored at one pixel, mm.
  public struct State: Sendable, Equatable {
    public var upper = 0.0, lower = 0.0, snow = 0.0
    public init(upper: Double = 0, lower: Double = 0, snow: Double = 0) {
      self.upper = upper
      self.lower = lower
      self.snow = snow
    }
    public var total: Double { upper + lower + snow }
  }

  /// What left a pixel in a day, mm d⁻¹.
  public struct Losses: Sendable, Equatable {
    public var evapotranspiration = 0.0, runoff = 0.0
  }

  /// One day at one pixel. Water is conserved:
  /// precipitation = evapotranspiration + runoff + change of `state.total`.
  ///
  /// - Parameters:
  ///   - precipitation: mm d⁻¹, ≥ 0.
  ///   - temperature: °C.
  ///   - demand: potential evaporation × fAPAR, mm d⁻¹, ≥ 0.
  ///   - netRadiation: W m⁻²; read with one layer only.
  @inline(__always)
  public func step(
    _ state: inout State, precipitation: Double, temperature: Double, demand: Double, netRadiation: Double = 0
  ) -> Losses {
    var water = 0.0
    if temperature < 0 {
      state.snow += precipitation
    } else {
      var melt = degreeDayMelt * temperature
      if layers == .one { melt += radiationMelt * netRadiation * 0.0864 }
      melt = min(state.snow, melt)
      state.snow -= melt
      water = precipitation + melt
    }
    var losses = Losses()
    switch layers {
    case .two:
      let upper = min(water, upperCapacity - state.upper)
      let lower = min(water - upper, lowerCapacity - state.lower)
      losses.runoff = water - upper - lower
      state.upper += upper
      state.lower += lower
      let fromUpper = min(demand, supplyRate * state.upper)
      let fromLower = min(demand - fromUpper, supplyRate * state.lower)
      state.upper -= fromUpper
      state.lower -= fromLower
      losses.evapotranspiration = fromUpper + fromLower
    case .one:
      let recharge = min(water, lowerCapacity - state.lower)
      losses.runoff = water - recharge
      state.lower += recharge
      losses.evapotranspiration = min(demand, supplyRate * state.lower)
      state.lower -= losses.evapotranspiration
    }
    return losses
  }

  /// The water availability index: stored water of the lower (or only) layer over its capacity, 0 … 1.
  @inline(__always)
  public func index(_ state: State) -> Double { state.lower / lowerCapacity }
}
