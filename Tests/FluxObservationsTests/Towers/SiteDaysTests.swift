@testable import FluxObservations
import FluxCore
import TestSupport
import Testing

@testable import FluxData

@Suite("Site-days")
struct SiteDaysTests {
  func towers(_ tair: [[Float]], latitudes: [Double] = [0, 60]) -> TowerSet {
    TowerSet(
      records: tair.enumerated().map { i, series in
        TowerRecord(
          site: TowerSite(id: "AA-\(i)xx", latitude: latitudes[i], longitude: 0, igbp: ["EBF", "ENF"][i]), firstDay: DayNumber(year: 2005, month: 1, day: 1)!,
          nee: series.indices.map { Float($0) }, quality: series.map { _ in 1 }, drivers: [series])
      }, drivers: [.init("tair", "degC", ["TA_F"])])
  }

  @Test("samples come site by site with their drivers beside them; days without a driver are left out and counted")
  func attach() throws {
    let samples = try towers([[1, 2, .nan], [4, 5, 6]]).attach(["tair", "igbp", "latitude"])
    #expect(samples.driverNames == ["tair", "igbp_ENF", "igbp_EBF", "latitude"])
    #expect(samples.siteIndex == [0, 0, 1, 1, 1] && samples.nee == [0, 1, 0, 1, 2])
    #expect(Array(samples.drivers.prefix(8)) == [1, 0, 1, 0, 2, 0, 1, 0])
    #expect(samples.dropped == ["tair": 1])
    #expect(samples.days[4].description == "2005-01-03")
  }

  @Test("means are causal, grow until full, and start again after a gap")
  func means() throws {
    #expect(TowerFeature.causalMean([1, 3, 5, .nan, 8, 4], 2).map { $0.isNaN ? -1 : $0 } == [1, 2, 4, -1, 8, 6])
    let set = towers([[1, 3, 5, .nan, 8, 4]])
    let samples = try set.attach(["tair_mean2", "tair_diff2"])
    #expect(samples.drivers == [1, 0, 2, 1, 4, 1, 8, 0, 6, -2])
  }

  @Test("a mean of potential radiation is full from the first day, since the sun shone before")
  func sunlight() throws {
    let samples = try towers([[1], [1]]).attach(["rpot", "rpot_mean31"])
    for (s, latitude) in [0.0, 60].enumerated() {
      #expect(abs(samples.drivers[2 * s] - Float(PotentialRadiation.dailyMean(latitude: latitude, dayOfYear: 1))) < 1e-4)
      let december = (336...365).map { PotentialRadiation.dailyMean(latitude: latitude, dayOfYear: $0) }   // 30 days, leap-year table for 2004: day 366 is 31 December
      let mean = (december.dropFirst().reduce(0, +) + PotentialRadiation.dailyMean(latitude: latitude, dayOfYear: 366)
        + PotentialRadiation.dailyMean(latitude: latitude, dayOfYear: 1)) / 31
      #expect(abs(samples.drivers[2 * s + 1] - Float(mean)) < 0.2)
    }
  }

  @Test("warmth, frost, clearness and warm light are made on the day, then averaged")
  func made() throws {
    let record = TowerRecord(
      site: TowerSite(id: "AA-xyz", latitude: 0, longitude: 0), firstDay: DayNumber(year: 2005, month: 1, day: 1)!,
      nee: [0, 0], quality: [1, 1], drivers: [[8, -12], [100, 50]])
    let set = TowerSet(records: [record], drivers: [.init("tair", "degC", ["TA_F"]), .init("rg", "W m-2", ["SW_IN_F"])])
    let samples = try set.attach(["warmth", "frost", "warm_light", "warmth_mean2", "frost_mean2", "warm_light_mean2"])
    #expect(samples.drivers == [3, 0, 50, 3, 0, 50, 0, 12, 0, 1.5, 6, 25])
    let clear = try set.attach(["clearness"]).drivers
    #expect(abs(Double(clear[0]) * PotentialRadiation.dailyMean(latitude: 0, dayOfYear: 1) - 100) < 1e-3)
  }

  @Test("drivers that are not known, or computed from NEE, are refused with a hint")
  func refusals() {
    let set = towers([[1, 2]])
    func message(_ names: [String]) -> String { refusal { try set.attach(names) } }
    #expect(message(["tiar"]).contains("no driver 'tiar'; did you mean 'tair'?"))
    #expect(message(["tair_mean"]).contains("expected a window such as tair_mean30"))
    #expect(message(["gpp_mean30"]).contains("'gpp_mean30' as a driver"))
    #expect(message([]).contains("no driver"))
  }

  @Test("weights by site sum to the number of samples and count each site equally")
  func weights() throws {
    let samples = try towers([[1, 2, 3], [4]]).attach(["tair"]).weightedBySite()
    #expect(samples.weight.map { ($0 * 1000).rounded() } == [667, 667, 667, 2000])
    // 3 × 1/√3 + 1 = 2.732: weights 4/√3/2.732 and 4/2.732
    #expect(samples.weightedBySite(power: 0.5).weight.map { ($0 * 1000).rounded() } == [845, 845, 845, 1464])
    #expect(samples.weightedBySite(power: 0).weight == [1, 1, 1, 1])
  }
}
