import Foundation
import FluxData

/// A folder in the layout of the real data that `Scripts/climatology.lua` reads, with made-up numbers: a flux that follows the
/// sun, towers and inversions that agree on it.
enum MadeUpWorld {
  /// NEE of a month at a latitude, gC m⁻² d⁻¹.
  static func nee(_ latitude: Double, _ month: Int) -> Double { 0.5 - 2 * summer(latitude, Double(month) - 0.5) }

  /// 1 in July of the north and January of the south, −1 half a year later, nothing at the equator.
  private static func summer(_ latitude: Double, _ month: Double) -> Double {
    let size: Double = min(1, abs(latitude) / 40), phase: Double = cos(2 * Double.pi * (month - 6) / 12)
    return latitude < 0 ? -size * phase : size * phase
  }

  static func write(to folder: String) throws {
    for part in ["drivers/climatology", "towers/fluxnet2015_daily", "towers/sites", "inversions/zonal_monthly"] {
      try FileManager.default.createDirectory(atPath: "\(folder)/\(part)", withIntermediateDirectories: true)
    }
    try climate("\(folder)/drivers/climatology/BIOME4_inputdata.nc")
    try leaves("\(folder)/drivers/climatology/plasim_T42_land_climatology.nc")
    try towers("\(folder)/towers")
    for name in ["CAMSv20r1", "CT2019B", "CTE2020", "s99oc_v2020", "MIROC"] {
      try inversion("\(folder)/inversions/zonal_monthly/\(name).fluxes_za_ts_monthly.nc", shift: Double(name.count - 6) / 1000)
    }
  }

  private static let months: [Double] = (0..<12).map { Double($0) }

  private static func axis(_ name: String, _ values: [Double], _ unit: String, _ writer: NetCDFWriter) throws {
    try writer.define(dimension: name, length: values.count)
    try writer.define(variable: name, type: .double, dimensions: [name], attributes: ["units": .text(unit)])
    try writer.write(values, to: name)
  }

  /// Half a degree, north to south, at the cells' corners, in tenths, as the real file has it; one cell in each ten degrees.
  private static func climate(_ path: String) throws {
    let writer = try NetCDFWriter(path: path)
    let latitudes: [Double] = (0..<360).map { 89.5 - 0.5 * Double($0) }, longitudes: [Double] = (0..<720).map { 0.5 * Double($0) - 180 }
    try axis("lon", longitudes, "degrees_east", writer)
    try axis("lat", latitudes, "degrees_north", writer)
    try axis("time", months, "month", writer)
    try axis("soil_layer", [1, 2], "layer", writer)
    func sun(_ latitude: Double, _ month: Int) -> Double { summer(latitude, Double(month)) }
    let fields: [(String, String, (Double, Int) -> Double)] = [
      ("temp", "degC", { latitude, month in 250 - 5 * abs(latitude) + 100 * sun(latitude, month) }),
      ("prec", "mm", { latitude, month in 60 + 30 * sun(latitude, month) }),
      ("sun", "percent", { latitude, month in 500 + 200 * sun(latitude, month) }),
    ]
    for (name, unit, value) in fields {
      try writer.define(variable: name, type: .short, dimensions: ["time", "lat", "lon"],
        attributes: ["units": .text(unit), "missing_value": .numbers([-9999], .short)], fill: -9999, deflate: 1)
      var values: [Float] = []
      for month in 0..<12 {
        for (row, latitude) in latitudes.enumerated() {
          let here = Float(value(latitude, month))
          values += (0..<720).map { row % 20 == 10 && $0 % 20 == 10 ? here : -9999 }
        }
      }
      try writer.write(values, to: name)
    }
    try writer.define(variable: "whc", type: .float, dimensions: ["soil_layer", "lat", "lon"], attributes: ["units": "mm/m"], fill: -9999, deflate: 1)
    try writer.write([Float](repeating: 100, count: 2 * 360 * 720), to: "whc")
    try writer.commit()
  }

  /// Ten degrees, from 0 to 360°.
  private static func leaves(_ path: String) throws {
    let writer = try NetCDFWriter(path: path)
    let latitudes: [Double] = (0..<18).map { 85 - 10 * Double($0) }, longitudes: [Double] = (0..<36).map { 5 + 10 * Double($0) }
    try axis("lon", longitudes, "degrees_east", writer)
    try axis("lat", latitudes, "degrees_north", writer)
    try axis("time", months, "months since 0001-01-01", writer)
    try writer.define(variable: "lsm", type: .float, dimensions: ["lat", "lon"], attributes: ["units": "1"])
    try writer.write([Float](repeating: 1, count: 18 * 36), to: "lsm")
    try writer.define(variable: "lai", type: .float, dimensions: ["time", "lat", "lon"], attributes: ["units": "m2 m-2"])
    var area: [Float] = []
    for month in 0..<12 { area += [Float](repeating: 2 + Float(month % 6) / 6, count: 18 * 36) }
    try writer.write(area, to: "lai")
    try writer.commit()
  }

  /// Twelve towers, two years of every third day.
  private static func towers(_ folder: String) throws {
    let places: [(Double, Double)] = [(50, 10), (45, 2), (60, 25), (35, -100), (40, -90), (55, -105), (-3, -60), (5, 20), (-15, 25), (-30, 145), (-35, 150), (30, 110)]
    var table = "site,lat,lon,elev_m,igbp\n"
    for (number, (latitude, longitude)) in places.enumerated() {
      let id = "XX-T\(number < 10 ? "0" : "")\(number)"
      table += "\(id),\(latitude),\(longitude),100,\(number % 2 == 0 ? "ENF" : "GRA")\n"
      var text = "TIMESTAMP,NEE_VUT_REF,NEE_VUT_REF_QC,TA_F,TA_F_QC,SW_IN_F,VPD_F\n"
      for year in 2003...2004 {
        for month in 1...12 {
          for day in stride(from: 1, through: 28, by: 2) {
            let stamp = year * 10_000 + month * 100 + day
            text += "\(stamp),\(nee(latitude, month) + Double(day % 3 - 1) / 5),1,\(10 + month),1,150,5\n"
          }
        }
      }
      try text.write(toFile: "\(folder)/fluxnet2015_daily/FLX_\(id)_FLUXNET2015_DD_2003-2004.csv", atomically: true, encoding: .utf8)
    }
    try table.write(toFile: "\(folder)/sites/fluxnet2015_sites.csv", atomically: true, encoding: .utf8)
  }

  /// Rows of 2°, 2001 to 2003.
  private static func inversion(_ path: String, shift: Double) throws {
    let writer = try NetCDFWriter(path: path)
    let latitudes: [Double] = (0..<90).map { 2 * Double($0) - 89 }
    try writer.define(dimension: "lat", length: 90)
    try writer.define(variable: "lat", type: .double, dimensions: ["lat"], attributes: ["units": "degrees_north"])
    try writer.write(latitudes, to: "lat")
    try writer.defineTime(TimeAxis.monthly(years: 2001...2003))
    try writer.define(variable: "SFCO2_LND", type: .double, dimensions: ["time", "lat"], attributes: ["units": "Pg C yr$^{-1}$ degree$^{-1}$"])
    var values: [Double] = []
    for t in 0..<36 {
      for latitude in latitudes {
        // Land a third of the way around: m² of a degree of latitude, gC m⁻² d⁻¹, d yr⁻¹.
        let land: Double = 1.236e12 * cos(latitude * .pi / 180)
        values.append(latitude < -60 ? 0 : nee(latitude, t % 12 + 1) * land * 3.65e-13 + shift)
      }
    }
    try writer.write(values, to: "SFCO2_LND")
    try writer.commit()
  }
}
