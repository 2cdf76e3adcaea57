import FluxCore
import TestSupport
import Testing

@testable import FluxTwin

@Suite("The synthetic Earth")
struct TwinEarthTests {
  @Test("global GPP, the sink and the interannual variability are those asked for")
  func totals() throws {
    let report = try TwinFixture.report.get()
    #expect(abs(report.gpp - 120) < 0.1)
    #expect(abs(report.nee - -3.4) < 0.3)
    #expect(abs(report.interannualVariability - 0.9) < 0.1)
    #expect(report.undrivenShare > 0.4)
    #expect(report.undrivenShare < 0.95)
  }

  @Test("another seed is another Earth with the same totals")
  func otherSeed() throws {
    let one = try TwinFixture.first.get(), other = try TwinFixture.earth(seed: 7)
    let report = other.report()
    #expect(abs(report.nee - -3.4) < 0.3)
    #expect(abs(report.interannualVariability - 0.9) < 0.1)
    #expect(report.undrivenShare > 0.4)
    #expect(one.weather.temperature[100, 500] != other.weather.temperature[100, 500])
  }

  @Test("the index that a water balance makes of the reported rain correlates at about 0.5 with the true annual stress")
  func water() throws {
    #expect(abs(try TwinFixture.report.get().waterCorrelation - 0.5) < 0.1)
  }

  @Test("each pixel takes up 5.5 % of its GPP outside the tropics and nothing inside")
  func sink() throws {
    let earth = try TwinFixture.first.get()
    var inside = 0, outside = 0
    for pixel in 0..<earth.geography.pixelCount {
      var gpp = 0.0, ter = 0.0
      for day in 0..<earth.calendar.dayCount {
        gpp += Double(earth.balance.gpp[pixel, day])
        ter += Double(earth.balance.ter[pixel, day])
      }
      guard gpp > 1 else { continue }
      let tropical = abs(earth.geography.latitude[pixel]) < 23.5
      if tropical { inside += 1 } else { outside += 1 }
      // float32 sums of three thousand days
      #expect(abs((gpp - ter) / gpp - (tropical ? 0 : 0.055)) < 1e-4)
    }
    #expect(inside > 150 && outside > 300)
  }

  @Test("fluxes are never negative and the water index stays within 0 and 1")
  func ranges() throws {
    let earth = try TwinFixture.first.get()
    let count = earth.geography.pixelCount * earth.calendar.dayCount
    var lowest: Float = 0, wettest: Float = 0, driest: Float = 1
    for i in 0..<count { lowest = min(lowest, earth.balance.gpp.base[i], earth.balance.ter.base[i]) }
    for i in 0..<earth.geography.pixelCount * earth.model.water.dayCount {
      wettest = max(wettest, earth.model.water.base[i])
      driest = min(driest, earth.model.water.base[i])
    }
    #expect(lowest >= 0 && wettest <= 1 && driest >= 0)
    #expect(wettest > 0.95 && driest < 0.05)
  }

  @Test("the northern summer is the season of uptake, by one to three PgC a month")
  func season() throws {
    let earth = try TwinFixture.first.get()
    var months = [Double](repeating: 0, count: 12)
    for month in 0..<earth.calendar.monthCount {
      for pixel in 0..<earth.geography.pixelCount {
        var sum = 0.0
        for day in earth.calendar.monthStart[month]..<earth.calendar.monthStart[month + 1] {
          sum += Double(earth.balance.ter[pixel, day] - earth.balance.gpp[pixel, day])
        }
        months[month % 12] += sum * earth.geography.area[pixel] * 1e-15 / Double(earth.calendar.yearCount)
      }
    }
    let lowest = try #require(months.indices.min { months[$0] < months[$1] })
    #expect((4...7).contains(lowest))
    #expect((-3.5 ... -1).contains(months[lowest]))
    #expect(months.max()! > 0.5)
  }

  @Test("the shared mode has annual means of zero mean, no trend and unit spread")
  func mode() throws {
    let earth = try TwinFixture.first.get()
    let annual = (0..<8).map { year -> Double in
      let first = earth.calendar.lead + earth.calendar.yearStart[year], last = earth.calendar.lead + earth.calendar.yearStart[year + 1]
      return earth.mode.index[first..<last].reduce(0) { $0 + Double($1) } / Double(last - first)
    }
    let (mean, slope, spread) = TwinMode.trend(annual)
    #expect(abs(mean) < 1e-2 && abs(slope) < 1e-2 && abs(spread - 1) < 1e-2)
  }

  @Test("the number of threads does not change a bit")
  func threads() throws {
    func earth(threads: Int) throws -> TwinEarth {
      try ThreadPool.withThreadCount(threads) { try TwinFixture.earth(seed: 3, years: 2001...2001, resolution: 10) }
    }
    let one = try earth(threads: 1), three = try earth(threads: 3)
    let count = one.geography.pixelCount * one.calendar.dayCount
    #expect((0..<count).allSatisfy { one.balance.ter.base[$0] == three.balance.ter.base[$0] })
    #expect((0..<count).allSatisfy { one.weather.rainSeen.base[$0] == three.weather.rainSeen.base[$0] })
    #expect(one.towers.sites == three.towers.sites)
  }

  @Test("a resolution that does not divide the globe and years in the wrong order are refused")
  func refused() {
    expectRefusal("resolution is 0.1; expected a multiple of 0.5 that divides 180") {
      try TwinGeography(resolution: 0.1, radius: 10)
    }
    expectRefusal("resolution is 7.0; expected a multiple of 0.5 that divides 180") {
      try TwinGeography(resolution: 7, radius: 10)
    }
    expectRefusal("years are 2008 to 2001; expected {first, last}") {
      try TwinCalendar(firstYear: 2008, lastYear: 2001, lead: 365)
    }
    var parameters = TwinParameters()
    parameters.towers.counts = ["BRAZ": 3]
    expectRefusal("no region 'BRAZ'; did you mean 'BRA'?; expected region codes with tower counts") {
      try TwinFixture.earth(seed: 1, years: 2001...2001, resolution: 10, parameters: parameters)
    }
  }
}
