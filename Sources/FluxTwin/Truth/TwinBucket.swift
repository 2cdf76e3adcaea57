/// The truth's soil: one bucket with snow, whose capacity belongs to the vegetation.
struct TwinBucket {
  let capacity: Double  // mm
  let parameters: TwinParameters.Water
  var water: Double  // mm
  var snow = 0.0  // mm

  /// Starts half full.
  init(capacity: Double, parameters: TwinParameters.Water) {
    self.capacity = capacity
    self.parameters = parameters
    water = 0.5 * capacity
  }

  /// Stored water over capacity, 0…1.
  var index: Double { water / capacity }

  /// One day. Rain below 0 °C is snow; what does not fit runs off.
  mutating func step(rain: Double, temperature: Double, demand: Double) {
    var arriving = rain
    if temperature <= 0 {
      snow += rain
      arriving = 0
    } else if snow > 0 {
      let melt = min(snow, parameters.meltPerDegree * temperature)
      snow -= melt
      arriving += melt
    }
    let supply = min(1, water / (parameters.fullSupply * capacity))
    water = max(0, min(capacity, water + arriving - min(water, demand * supply)))
  }
}
