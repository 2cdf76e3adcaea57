import FluxCore

@testable import FluxTwin

/// Earths that several tests look at, made once. 6°: the figures hold at any resolution, and debug builds are slow.
enum TwinFixture {
  static let resolution = 6.0

  static func earth(
    seed: UInt64, years: ClosedRange<Int> = 2001...2008, resolution: Double = resolution,
    parameters: TwinParameters = TwinParameters()
  ) throws -> TwinEarth {
    try TwinEarth(
      geography: TwinGeography(resolution: resolution, radius: parameters.climate.continentalityRadius),
      firstYear: years.lowerBound, lastYear: years.upperBound, seed: seed, parameters: parameters)
  }

  /// Eight years, seed 1.
  static let first = Result { try earth(seed: 1) }
  static let report = Result { try first.get().report() }
}
