import FluxCore
import FluxData
import FluxDrivers

/// What a regional bridge was built from: kept beside it, so that it can be drawn anew.
final class RegionalSource: Sendable {
  let builder: RegionalBridgeBuilder
  /// gC m⁻² d⁻¹. Shape `[time, lat, lon]`.
  private let field: [Float]
  let time: TimeAxis
  let regions: RegionSet
  private let drivers: DriverStore
  let probes: ProbeNetworks

  init(
    builder: RegionalBridgeBuilder, field: [Float], time: TimeAxis, regions: RegionSet, drivers: DriverStore, probes: ProbeNetworks
  ) {
    (self.builder, self.field, self.time, self.regions, self.drivers, self.probes) = (builder, field, time, regions, drivers, probes)
  }

  /// A fingerprint of the reference.
  var referenceHash: String {
    var hash = ContentHash()
    hash.combine(field)
    hash.combine(time.dates.map { time.calendar.dayNumber($0) })
    return hash.description
  }

  func reference(_ region: Int) throws -> RegionReference {
    try RegionReference(regions, region, field, time, drivers, probes, area: builder.area)
  }

  /// The groups of alike pixels of a region.
  func strata(_ reference: RegionReference) throws -> SeasonalStrata {
    var options = builder.strata
    options.seed = builder.seed
    return try SeasonalStrata(reference.series.map(ReferenceSeasons(time).meanCycle), options)
  }
}
