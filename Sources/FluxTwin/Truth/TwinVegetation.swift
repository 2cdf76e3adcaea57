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
    let pixels = climate.count, year = Self.daysInYear
    let textures = v.types.map { map.texture(seed: seed, purpose: "twin type \($0.name)") }
    var shares = [[Float]](repeating: [Float](repeating: 0, count: pixels), count: v.types.count)
    var leafArea = [Float](repeating: 0, count: pixels * year)
    var absorbed = leafArea
    var efficiency = [Double](repeating: 0, count: pixels)
    var capacity = efficiency, aridity = efficiency, growing = efficiency

    for (pixel, c) in climate.enumerated() {
      let sun = geography.potentialRadiation(over: pixel)
      let warm = (0..<year).map { c.normalTemperature($0) }
      let rain = (0..<year).map { c.normalRain($0) }
      let demand = (0..<year).map { day in
        TwinClimate.potentialEvaporation(
          temperature: warm[day], radiation: sun[day] * c.clearness, alpha: parameters.water.priestleyTaylor)
      }
      let wet = rain.reduce(0, +) / max(1, demand.reduce(0, +))
      aridity[pixel] = wet

      var total = 0.0, evergreen = 0.0, worth = 0.0
      var weights: [Double] = []
      for (k, type) in v.types.enumerated() {
        let x = (c.temperature - type.temperature) / type.temperatureWidth
        let y = (min(1.8, wet) - type.aridity) / type.aridityWidth
        weights.append(type.commonness * exp(max(-40, -0.5 * (x * x + y * y))) * exp(v.texture * textures[k][pixel]) + 1e-12)
        total += weights[k]
      }
      for (k, type) in v.types.enumerated() {
        let share = weights[k] / total
        shares[k][pixel] = Float(share)
        evergreen += share * type.evergreen
        worth += share * type.efficiency
      }
      efficiency[pixel] = worth

      let hottest = warm.max() ?? 0
      let full =
        v.leafAreaFull * (1 - exp(-pow(wet / v.leafAreaAridity, v.leafAreaExponent)))
        * max(0, min(1, (hottest - 1) / (v.warmthFull - 1)))
      capacity[pixel] = parameters.water.capacityFloor + parameters.water.capacityPerLeafArea * full
      let index = Self.normalWater(rain: rain, warm: warm, demand: demand, capacity: capacity[pixel], parameters: parameters.water)
      // A year's state chases its target with a lag of some weeks; three turns forget the start.
      let follow = 1 - exp(-1 / v.smoothing)
      var state = 0.5, leafTemperature = 0.0, leafSum = 0.0
      for turn in 0..<3 {
        for day in 0..<year {
          let warmEnough = 1 / (1 + exp(-(warm[day] - v.leafOutTemperature) / v.leafOutWidth))
          let wetEnough = 1 / (1 + exp(-(index[day] - v.leafOutWater) / v.leafOutWaterWidth))
          state += follow * (warmEnough * wetEnough - state)
          guard turn == 2 else { continue }
          let leaves = full * (evergreen + (1 - evergreen) * state)
          leafArea[pixel * year + day] = Float(leaves)
          absorbed[pixel * year + day] = Float(0.95 * (1 - exp(-v.extinction * leaves)))
          leafTemperature += warm[day] * (state + 1e-3)
          leafSum += state + 1e-3
        }
      }
      growing[pixel] = leafTemperature / leafSum
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

  /// The water index of the normal year, rain falling as drizzle. Shape `[366]`.
  private static func normalWater(
    rain: [Double], warm: [Double], demand: [Double], capacity: Double, parameters: TwinParameters.Water
  ) -> [Double] {
    var bucket = TwinBucket(capacity: capacity, parameters: parameters)
    var index = [Double](repeating: 0, count: rain.count)
    for _ in 0..<3 {
      for day in rain.indices {
        bucket.step(rain: rain[day], temperature: warm[day], demand: demand[day] * 0.8)
        index[day] = bucket.index
      }
    }
    return index
  }
}
