import FluxCore

/// The synthetic Earth in memory: weather, vegetation, the true fluxes and the towers that see them.
///
/// Every draw comes from the seed and a named purpose, and each pixel has its own stream, so the
/// same arguments give the same Earth for any number of threads.
public final class TwinEarth: Sendable {
  public let seed: UInt64
  public let parameters: TwinParameters
  public let geography: TwinGeography
  public let calendar: TwinCalendar
  public let towers: TwinTowers
  let climate: [TwinClimate]
  let map: NodeMap
  let mode: TwinMode
  let vegetation: TwinVegetation
  let weather: TwinWeather
  let model: TwinTruthModel
  let balance: TwinBalance

  /// - Throws: ``FluxError`` when memory is short or a tower count names no region; ``Interrupted``.
  public init(
    geography: TwinGeography, firstYear: Int, lastYear: Int, seed: UInt64, parameters: TwinParameters = TwinParameters()
  ) throws {
    self.seed = seed
    self.parameters = parameters
    self.geography = geography
    calendar = try TwinCalendar(firstYear: firstYear, lastYear: lastYear, lead: parameters.weather.leadDays)
    map = NodeMap(latitude: geography.latitude, longitude: geography.longitude, spacing: parameters.weather.nodeSpacing)
    mode = TwinMode(geography: geography, calendar: calendar, parameters: parameters.mode, seed: seed)
    climate = TwinClimate.all(geography: geography, map: map, parameters: parameters, seed: seed)
    vegetation = TwinVegetation(geography: geography, climate: climate, map: map, parameters: parameters, seed: seed)
    try Interrupt.check()
    weather = try TwinWeather(
      geography: geography, calendar: calendar, climate: climate, map: map, mode: mode, parameters: parameters, seed: seed)
    try Interrupt.check()
    model = try TwinTruthModel(
      geography: geography, calendar: calendar, climate: climate, vegetation: vegetation, weather: weather, mode: mode,
      parameters: parameters)
    try Interrupt.check()
    balance = try TwinBalance(geography: geography, calendar: calendar, model: model, parameters: parameters)
    towers = try TwinTowers(
      geography: geography, calendar: calendar, climate: climate, vegetation: vegetation, balance: balance,
      parameters: parameters, seed: seed)
  }
}
