import FluxCore
import Glibc

/// The invented vegetation: a mosaic of plant functional types and the normal year of its leaves.
///
/// Leaves follow the normal climate, not the year's weather, as the drivers' mean seasonal cycles do.
struct TwinVegetation: Sendable {
  static let daysInYear = 366
  /// IGBP classes, one per type.
  let types: [String]
  /// Share of the pixel's land. Shape `[type][pixel]`, Σ over types = 1.
  let shares: [[Float]]
  /// Leaf area index of the normal year. Shape `[pixel][366]`.
  let leafArea: [Float]
  /// Absorbed share of light of the normal year. Shape `[pixel][366]`.
  let absorbed: [Float]
  /// Relative light-use efficiency. Shape `[pixel]`.
  let efficiency: [Double]
  /// Bucket capacity, mm. Shape `[pixel]`.
  let capacity: [Double]
  /// Rain over potential evaporation of the normal year. Shape `[pixel]`.
  let aridity: [Double]
  /// Mean temperature of the time with leaves, °C. Shape `[pixel]`.
  let growingTemperature: [Double]

  init(geography: TwinGeography, climate: [TwinClimate], map: NodeMap, parameters: TwinParameters, seed: UInt64) {
    let v = parameters.vegetation
    let pixels = climate.count
    let textures = v.types.map { map.texture(seed: seed, purpose: "twin type \($0.name)") }
    var shares = [[Float]](repeating: [Float](repeating: 0, count: pixels), count: v.types.count)
    var leafArea = [Float](repeating: 0, count: pixels * Self.daysInYear)
    var absorbed = leafArea
    var efficiency = [Double](repeating: 0, count: pixels)
    var capacity = efficiency
    var aridity = efficiency
    var growing = efficiency

    for (pixel, c) in climate.enumerated() {
      let sun = geography.potentialRadiation(over: pixel)
      let year = TwinNormalYear(c, sun: sun, alpha: parameters.water.priestleyTaylor)
      aridity[pixel] = year.aridity
      let mixture = Mixture(v, temperature: c.temperature, aridity: year.aridity, texture: textures.map { $0[pixel] })
      for (k, share) in mixture.shares.enumerated() { shares[k][pixel] = Float(share) }
      efficiency[pixel] = mixture.efficiency
      let full = year.fullLeafArea(v)
      capacity[pixel] = parameters.water.capacityFloor + parameters.water.capacityPerLeafArea * full
      let index = Self.normalWater(year, capacity: capacity[pixel], parameters: parameters.water)
      growing[pixel] = Self.growLeaves(year, water: index, full: full, evergreen: mixture.evergreen, parameters: v) {
        day, leaves in
        leafArea[pixel * Self.daysInYear + day] = Float(leaves)
        absorbed[pixel * Self.daysInYear + day] = Float(0.95 * (1 - exp(-v.extinction * leaves)))
      }
    }
    types = v.types.map(\.name)
    self.shares = shares
    self.leafArea = leafArea
    self.absorbed = absorbed
    self.efficiency = efficiency
    self.capacity = capacity
    self.aridity = aridity
    growingTemperature = growing
  }

  /// Which types share the land of a pixel, and what they are together.
  private struct Mixture {
    /// Shape `[type]`, Σ = 1.
    var shares: [Double] = []
    /// Share of the leaves that stay all year.
    var evergreen = 0.0
    /// Relative light-use efficiency.
    var efficiency = 0.0

    init(_ v: TwinParameters.Vegetation, temperature: Double, aridity: Double, texture: [Double]) {
      var total = 0.0
      var weights: [Double] = []
      for (k, type) in v.types.enumerated() {
        let x = (temperature - type.temperature) / type.temperatureWidth
        let y = (min(1.8, aridity) - type.aridity) / type.aridityWidth
        let niche = exp(max(-40, -0.5 * (x * x + y * y)))
        weights.append(type.commonness * niche * exp(v.texture * texture[k]) + 1e-12)
        total += weights[k]
      }
      for (k, type) in v.types.enumerated() {
        let share = weights[k] / total
        shares.append(share)
        evergreen += share * type.evergreen
        efficiency += share * type.efficiency
      }
    }
  }

  /// Leaves follow warmth and water: a year's state chases its target with a lag of some weeks; three turns forget
  /// the start.
  ///
  /// - Parameters:
  ///   - water: shape `[366]`.
  ///   - body: called with each day of the year and its leaf area index.
  /// - Returns: the mean temperature of the time with leaves, °C.
  private static func growLeaves(
    _ year: TwinNormalYear, water index: [Double], full: Double, evergreen: Double,
    parameters v: TwinParameters.Vegetation, _ body: (_ day: Int, _ leaves: Double) -> Void
  ) -> Double {
    let follow = 1 - exp(-1 / v.smoothing)
    var state = 0.5
    var leafTemperature = 0.0
    var leafSum = 0.0
    for turn in 0..<3 {
      for day in 0..<daysInYear {
        let warmEnough = 1 / (1 + exp(-(year.warmth[day] - v.leafOutTemperature) / v.leafOutWidth))
        let wetEnough = 1 / (1 + exp(-(index[day] - v.leafOutWater) / v.leafOutWaterWidth))
        state += follow * (warmEnough * wetEnough - state)
        guard turn == 2 else { continue }
        body(day, full * (evergreen + (1 - evergreen) * state))
        leafTemperature += year.warmth[day] * (state + 1e-3)
        leafSum += state + 1e-3
      }
    }
    return leafTemperature / leafSum
  }

  /// The water index of the normal year, rain falling as drizzle. Shape `[366]`.
  private static func normalWater(
    _ year: TwinNormalYear, capacity: Double, parameters: TwinParameters.Water
  ) -> [Double] {
    var bucket = TwinBucket(capacity: capacity, parameters: parameters)
    var index = [Double](repeating: 0, count: year.rain.count)
    for _ in 0..<3 {
      for day in year.rain.indices {
        bucket.step(rain: year.rain[day], temperature: year.warmth[day], demand: year.demand[day] * 0.8)
        index[day] = bucket.index
      }
    }
    return index
  }
}

/// The normal year of one pixel, which leaves and their water follow. Shapes `[366]`.
private struct TwinNormalYear {
  /// °C.
  let warmth: [Double]
  /// mm d⁻¹.
  let rain: [Double]
  /// Potential evaporation, mm d⁻¹.
  let demand: [Double]
  /// Rain over potential evaporation.
  let aridity: Double

  init(_ climate: TwinClimate, sun: [Double], alpha: Double) {
    let days = 0..<TwinVegetation.daysInYear
    let warmth = days.map { climate.normalTemperature($0) }
    let rain = days.map { climate.normalRain($0) }
    let demand = days.map { day in
      TwinClimate.potentialEvaporation(
        temperature: warmth[day], radiation: sun[day] * climate.clearness, alpha: alpha)
    }
    self.warmth = warmth
    self.rain = rain
    self.demand = demand
    aridity = rain.reduce(0, +) / max(1, demand.reduce(0, +))
  }

  /// The leaf area index that water and the warmest day allow.
  func fullLeafArea(_ v: TwinParameters.Vegetation) -> Double {
    let hottest = warmth.max() ?? 0
    return v.leafAreaFull * (1 - exp(-pow(aridity / v.leafAreaAridity, v.leafAreaExponent)))
      * max(0, min(1, (hottest - 1) / (v.warmthFull - 1)))
  }
}
