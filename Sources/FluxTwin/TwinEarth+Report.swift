import FluxCore
import FluxDrivers
import Glibc

extension TwinEarth {
  /// The truth's own figures; see ``TwinReport``.
  public func report() -> TwinReport {
    var report = TwinReport()
    let pixels = geography.pixelCount, years = Double(calendar.dayCount) / 365.25
    var gpp = [Double](repeating: 0, count: pixels), ter = gpp
    for pixel in 0..<pixels {
      let g = balance.gpp.series(pixel), r = balance.ter.series(pixel)
      for day in 0..<calendar.dayCount {
        gpp[pixel] += Double(g[day])
        ter[pixel] += Double(r[day])
      }
      let weight = geography.area[pixel] * 1e-15 / years
      report.gpp += gpp[pixel] * weight
      report.ter += ter[pixel] * weight
      if geography.isTropical(pixel, within: parameters.totals.tropicLatitude) { report.tropicalGPP += gpp[pixel] * weight }
      gpp[pixel] /= Double(calendar.dayCount)
      ter[pixel] /= Double(calendar.dayCount)
    }
    report.nee = report.ter - report.gpp

    let total = zip(balance.drivenAnnual, balance.undrivenAnnual).map { $0 + $1 }
    report.interannualVariability = TwinMode.trend(total).spread
    report.undrivenShare = Self.covariance(Self.detrended(balance.undrivenAnnual), Self.detrended(total))
      / max(1e-12, Self.covariance(Self.detrended(total), Self.detrended(total)))
    report.undrivenStrength = balance.strength
    report.waterCorrelation = waterCorrelation(gpp: gpp)

    reportTowers(gpp: gpp, ter: ter, into: &report)
    return report
  }

  private func reportTowers(gpp: [Double], ter: [Double], into report: inout TwinReport) {
    let bias = parameters.bias
    var kept = (inside: 0, outside: 0), days = (inside: 0, outside: 0), squares = 0.0
    var siteGap: [Double] = []
    for tower in towers.sites {
      var gap = 0.0
      let record = towers.record(tower, calendar: calendar, balance: balance)
      for day in record {
        let good = day.quality >= 0.75
        if tower.isTropical { days.inside += 1 } else { days.outside += 1 }
        gap += Double(day.nee)
        guard good else { continue }
        if tower.isTropical { kept.inside += 1 } else { kept.outside += 1 }
        squares += Double((day.nee - day.truth) * (day.nee - day.truth))
      }
      siteGap.append(gap / Double(record.count))
    }
    report.sites = towers.sites.count
    report.siteDays = kept.inside + kept.outside
    report.noiseLevel = (squares / Double(max(1, report.siteDays))).squareRoot()
    report.tropicalSampleShare = Double(kept.inside) / Double(max(1, report.siteDays))
    report.keptTropics = Double(kept.inside) / Double(max(1, days.inside))
    report.keptElsewhere = Double(kept.outside) / Double(max(1, days.outside))

    var humid = 0.0, humidArea = 0.0
    let nocturnal = (0..<geography.pixelCount).map { pixel -> Double in
      let share = TwinTowers.nocturnalRamp(latitude: geography.latitude[pixel], aridity: vegetation.aridity[pixel], bias)
      if vegetation.aridity[pixel] > 0.5 * (bias.humidFrom + bias.humidFull), abs(geography.latitude[pixel]) < bias.nocturnalLatitude {
        humid -= share * ter[pixel] * geography.area[pixel]
        humidArea += geography.area[pixel]
      }
      return share
    }
    report.nocturnalMean = humid / max(1, humidArea)
    for (r, code) in geography.codes.enumerated() {
      var region = TwinReport.Region()
      region.code = code
      region.aim = TwinReport.aims[code] ?? 0
      for pixel in 0..<geography.pixelCount where geography.regionArea[r][pixel] > 0 {
        let area = geography.regionArea[r][pixel]
        let growth = geography.isTropical(pixel, within: parameters.totals.tropicLatitude)
          ? bias.growthInsideTropics : bias.growthOutsideTropics
        region.area += area
        region.gpp += gpp[pixel] * area
        region.ter += ter[pixel] * area
        region.biasGap += (nocturnal[pixel] * ter[pixel] + growth * gpp[pixel]) * area
      }
      let here = towers.sites.indices.filter { towers.sites[$0].region == code }
      region.towers = here.count
      if region.area > 0 {
        region.gpp /= region.area
        region.ter /= region.area
        region.biasGap /= region.area
        region.nee = region.ter - region.gpp
      }
      if !here.isEmpty { region.towerGap = region.nee - here.reduce(0) { $0 + siteGap[$1] } / Double(here.count) }
      report.regions.append(region)
    }
  }

  /// r over all pixels and years between anomalies of the truth's annual water stress and of the annual
  /// two-layer index (15 and 100 mm) that the reported rain makes, each pixel weighted by its GPP: in a desert
  /// without leaves the index has no demand to answer to.
  private func waterCorrelation(gpp: [Double]) -> Double {
    let pixels = geography.pixelCount, years = calendar.yearCount, lead = calendar.lead
    var truth = [Double](repeating: 0, count: pixels * years), seen = truth
    let half = parameters.water.halfSaturation
    truth.withUnsafeMutableBufferPointer { truth in
      seen.withUnsafeMutableBufferPointer { seen in
        nonisolated(unsafe) let a = truth.baseAddress!, b = seen.baseAddress!
        ThreadPool.forEach(pixels) { pixel, _ in
          let t = weather.temperature.series(pixel), r = weather.radiation.series(pixel), p = weather.rainSeen.series(pixel)
          let x = model.water.series(pixel)
          let balance = WaterBalance()
          var state = WaterBalance.State(upper: 7, lower: 50)
          let sun = geography.potentialRadiation(over: pixel)
          for turn in 0..<2 {
            for year in 0..<years {
              var sumTruth = 0.0, sumSeen = 0.0
              for day in (lead + calendar.yearStart[year])..<(lead + calendar.yearStart[year + 1]) {
                let leaves = Double(vegetation.absorbed[pixel * TwinVegetation.daysInYear + calendar.dayOfYear[day]])
                let net = EvaporativeDemand.netRadiation(
                  shortwave: Double(r[day]),
                  potential: sun[calendar.dayOfYear[day]],
                  temperature: Double(t[day]))
                _ = balance.step(
                  &state, precipitation: Double(p[day]), temperature: Double(t[day]),
                  demand: leaves * EvaporativeDemand.potential(netRadiation: net, temperature: Double(t[day])))
                sumTruth += Double(x[day]) * (1 + half) / (Double(x[day]) + half)
                sumSeen += balance.index(state)
              }
              guard turn == 1 else { continue }
              let length = Double(calendar.yearStart[year + 1] - calendar.yearStart[year])
              a[pixel * years + year] = sumTruth / length
              b[pixel * years + year] = sumSeen / length
            }
          }
        }
      }
    }
    var xy = 0.0, xx = 0.0, yy = 0.0
    for pixel in 0..<pixels {
      let x = truth[pixel * years..<(pixel + 1) * years], y = seen[pixel * years..<(pixel + 1) * years]
      let meanX = x.reduce(0, +) / Double(years), meanY = y.reduce(0, +) / Double(years)
      let weight = gpp[pixel] * geography.area[pixel] * 1e-12
      for (u, v) in zip(x, y) {
        xy += weight * (u - meanX) * (v - meanY)
        xx += weight * (u - meanX) * (u - meanX)
        yy += weight * (v - meanY) * (v - meanY)
      }
    }
    return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : 0
  }

  static func detrended(_ annual: [Double]) -> [Double] {
    let (mean, slope, _) = TwinMode.trend(annual)
    let middle = Double(annual.count - 1) / 2
    return annual.enumerated().map { $1 - mean - slope * (Double($0) - middle) }
  }

  static func covariance(_ x: [Double], _ y: [Double]) -> Double {
    zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } / Double(max(1, x.count - 1))
  }
}
