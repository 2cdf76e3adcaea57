import FluxCore
import Glibc

extension TwinArchiveWriter {
  /// One FLUXNET2015-like daily file a site, the site table, and the hidden true fluxes of the site-days.
  func writeTowers() throws {
    var sites = "site,lat,lon,elev_m,igbp,utc_offset_min,first_year,last_year\n"
    var truth = CSVText(TwinTruth.Towers.header + "\n")
    for tower in earth.towers.sites {
      try Interrupt.check()
      let hour = Int((tower.longitude / 15).rounded()) * 60
      sites +=
        "\(tower.site),\(TwinReport.fixed(tower.latitude, 4)),\(TwinReport.fixed(tower.longitude, 4)),\(TwinReport.fixed(tower.elevation, 1)),"
        + "\(tower.igbp),\(hour),\(tower.firstYear),\(tower.lastYear)\n"
      let record = earth.towers.record(tower, calendar: earth.calendar, balance: earth.balance)
      try writeRecord(record, of: tower)
      for day in record {
        truth.add(tower.site)
        truth.comma()
        truth.add(date: earth.calendar.date(day.day))
        truth.comma()
        truth.add(Double(day.truth), decimals: 5)
        truth.comma()
        truth.add(Double(day.stand), decimals: 5)
        truth.newline()
      }
    }
    try TextFile.write(sites, to: path + "/towers/sites.csv")
    try TextFile.write(truth.text, to: path + "/truth/towers.csv")
  }

  private func writeRecord(_ record: [TwinTowers.Day], of tower: TwinTower) throws {
    let lead = earth.calendar.lead
    let air = earth.weather.temperature.series(tower.pixel) + lead, sun = earth.weather.radiation.series(tower.pixel) + lead
    let rain = earth.weather.rain.series(tower.pixel) + lead, water = earth.model.water.series(tower.pixel) + lead
    var csv = CSVText("TIMESTAMP,TA_F,TA_F_QC,SW_IN_F,SW_IN_F_QC,VPD_F,VPD_F_QC,P_F,P_F_QC,NEE_VUT_REF,NEE_VUT_REF_QC,NEE_VUT_REF_RANDUNC\n")
    let p = earth.parameters.towers
    for day in record {
      let t = Double(air[day.day])
      let humidity = min(0.95, 0.45 + 0.45 * Double(water[day.day]) + (rain[day.day] > 0 ? 0.1 : 0))
      let deficit = 6.108 * exp(17.27 * t / (t + 237.3)) * (1 - humidity)  // hPa
      csv.add(date: earth.calendar.date(day.day))
      for (value, decimals) in [(t, 3), (Double(sun[day.day]), 3), (deficit, 3), (Double(rain[day.day]), 3)] {
        csv.comma()
        csv.add(value, decimals: decimals)
        csv.add(",1")
      }
      csv.comma()
      csv.add(Double(day.nee), decimals: 5)
      csv.comma()
      csv.add(Double(day.quality), decimals: 6)
      csv.comma()
      csv.add(2.0.squareRoot() * (p.noiseFloor + p.noisePerFlux * abs(Double(day.nee))), decimals: 4)
      csv.newline()
    }
    let name = "FLX_\(tower.site)_FLUXNET2015_SUBSET_DD_\(tower.firstYear)-\(tower.lastYear)_1-1.csv"
    try TextFile.write(csv.text, to: path + "/towers/" + name)
  }
}
