import FluxCore
import FluxData
import Foundation
import TestSupport
import Testing

/// Every file of `misc_netcdf`, against the table that `Tests/ReferenceData/misc_netcdf.py` made with xarray and cftime.
@Suite("Odd netCDF files of other projects")
struct MiscellaneousNetCDFTests {
  private static let folder = TestFiles.shared.map { $0 + "/misc_netcdf" }

  @Test("the table tells of every file", .enabled(if: folder != nil, "no real files beside the package"))
  func complete() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: #require(Self.folder)).filter { $0.hasSuffix(".nc") }
    #expect(Set(try TestFiles.rows("misc_netcdf.csv").map { $0[0] }) == Set(files))
  }

  @Test(
    "each opens with the values and times that xarray and cftime read, or is refused with its reason",
    .enabled(if: folder != nil, "no real files beside the package"))
  func opens() throws {
    let folder = try #require(Self.folder)
    for row in try TestFiles.rows("misc_netcdf.csv") {
      let path = folder + "/" + row[0]
      switch row[1] {
      case "opens": try check(Cube.open(path, variable: row[2]), row)
      case "times":
        let file = try NetCDFReader(path: path)
        let coordinate = try file.variable("time")
        let calendar = try Calendar(attribute: coordinate.attributes.text("calendar"), at: path)
        let unit = try TimeUnit(coordinate.attributes.text("units") ?? "", calendar: calendar, at: path)
        let dates = try file.doubles("time").map { try unit.date($0, at: path) }
        #expect(dates.count == Int(row[3]), "\(row)")
        try check(dates, row)
      default:
        expectRefusal(row[2]) { try Cube.open(path) }
      }
    }
  }

  private func check(_ cube: Cube, _ row: [String]) throws {
    #expect(cube.shape.filter { $0 > 1 } == row[3].split(separator: "x").compactMap { Int($0) }.filter { $0 > 1 }, "\(row)")
    var valid = 0, sum = 0.0, indexed = 0.0, size = 0.0
    let values = try cube.values()
    for (i, value) in values.enumerated() where !value.isNaN {
      valid += 1
      sum += Double(value)
      indexed += Double(value) * Double(1 + i)
      size += Double(value.magnitude)
    }
    #expect(valid == Int(row[4]), "\(row)")
    let tolerance = 1e-6 * size  // float32
    #expect((try sum - #require(Double(row[5]))).magnitude <= tolerance, "\(row): \(sum)")
    #expect((try indexed / Double(valid) - #require(Double(row[6]))).magnitude <= tolerance, "\(row): \(indexed / Double(valid))")
    if !row[7].isEmpty { try check(#require(cube.time).dates, row) }
  }

  private func check(_ dates: [CalendarDate], _ row: [String]) throws {
    for (date, text) in [(dates.first, row[7]), (dates.last, row[8])] {
      let date = try #require(date)
      #expect("\(date.year)-\(date.month)-\(date.day)-\(Int(date.secondOfDay))" == text, "\(row)")
    }
    let total = dates.reduce(0.0) { $0 + Double($1.year * 10_000 + $1.month * 100 + $1.day) + $1.secondOfDay / 86_400 }
    // Seconds of the day are rounded to microseconds there.
    #expect((try total - #require(Double(row[9]))).magnitude <= 1e-11 * total + 1e-6, "\(row): \(total)")
  }
}
