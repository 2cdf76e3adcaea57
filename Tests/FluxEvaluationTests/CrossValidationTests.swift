import FluxCore
import FluxData
import FluxEvaluation
import FluxObservations
import Testing

@Suite("Cross-validation at towers")
struct CrossValidationTests {
  /// Six sites of two classes; NEE is linear in the driver with a slope of its own for each class.
  private func samples() throws -> (SiteDays, Folds) {
    var random = RandomStream(seed: 3), drivers: [Float] = [], nee: [Float] = [], index: [Int32] = [], days: [DayNumber] = []
    let sites = (0..<6).map { TowerSite(id: "S\($0)", latitude: Double(10 * $0), longitude: 0, igbp: $0 < 3 ? "ENF" : "GRA") }
    for site in 0..<6 {
      for day in 0..<100 {
        let x = random.normal()
        drivers.append(Float(x))
        nee.append(Float(site < 3 ? 2 * x + 1 : -x))
        index.append(Int32(site))
        days.append(DayNumber(rawValue: Int32(day)))
      }
    }
    let all = SiteDays(sites: sites, driverNames: ["x"], siteIndex: index, days: days, drivers: drivers, nee: nee)
    return (all, try Folds.bySite(sites, dayCounts: all.countBySite, count: 3, seed: 1))
  }

  @Test("a linear truth is recovered by the fit per class, at sites that it has not seen")
  func linear() throws {
    let (all, folds) = try samples()
    let predicted = try LinearFit.outOfFold(all, folds)
    for i in predicted.indices { #expect(abs(predicted[i] - Double(all.nee[i])) < 1e-3) }
    let perfect = CrossValidation(predicted, all, rows: Array(predicted.indices))
    #expect(perfect.daily.r2 > 0.999999 && perfect.sites == 6 && perfect.anomalies.r2 > 0.9999)
  }

  @Test("a constant error lies in the site means alone, and the bootstrap interval holds the value")
  func constantError() throws {
    let (all, _) = try samples()
    let score = CrossValidation(all.nee.map { Double($0) + 0.5 }, all, rows: Array(0..<all.count))
    #expect(abs(score.daily.rmse - 0.5) < 1e-6 && abs(score.siteMeans.rmse - 0.5) < 1e-6)
    #expect(score.cycles.rmse < 1e-6 && score.anomalies.rmse < 1e-6)
    let r2 = try #require(score.r2Interval), rmse = try #require(score.rmseInterval)
    #expect(r2.contains(score.daily.r2) && rmse.upperBound < 0.5001)
  }

  @Test("a missing prediction leaves its day out; one site alone has no interval, and the table says n/a")
  func missing() throws {
    let (all, _) = try samples()
    var predicted = all.nee.map { Double($0) + 0.5 }
    predicted[3] = .nan
    let score = CrossValidation(predicted, all, rows: Array(0..<all.count))
    #expect(score.days == all.count - 1 && abs(score.siteMeans.rmse - 0.5) < 1e-6)
    let site = all.siteIndex.indices.filter { all.siteIndex[$0] == all.siteIndex[0] }
    #expect(CrossValidation(predicted, all, rows: site).r2Interval == nil)
  }
}
