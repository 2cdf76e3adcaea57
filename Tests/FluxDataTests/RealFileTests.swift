import FluxCore
import FluxData
import TestSupport
import Testing

@Suite("Real files, where they are kept beside the package")
struct RealFileTests {
  @Test(
    "values, order, missing values and dates are those that xarray and cftime read",
    .enabled(if: TestFiles.shared != nil, "no real files beside the package"))
  func values() throws {
    let folder = try #require(TestFiles.shared)
    for row in try TestFiles.rows("real_files.csv") {
      let cube = try Cube.open(folder + "/" + row[0], variable: row[1])
      let expectedShape = row[2].split(separator: "x").compactMap { Int($0) }.filter { $0 > 1 }
      #expect(cube.shape.filter { $0 > 1 } == expectedShape, "\(row)")
      let values = try cube.values()
      var valid = 0, sum = 0.0, indexed = 0.0
      for (i, value) in values.enumerated() where !value.isNaN {
        valid += 1
        sum += Double(value)
        indexed += Double(value) * Double(1 + i)
      }
      #expect(valid == Int(row[3]), "\(row)")
      let expected = try #require(Double(row[4])), expectedIndexed = try #require(Double(row[5]))
      // Values are float32 here; packed ones may differ from xarray's in the last place.
      let size = values.reduce(0.0) { $0 + ($1.isNaN ? 0 : Double($1.magnitude)) }
      #expect((sum - expected).magnitude <= 1e-6 * size, "\(row): \(sum)")
      #expect((indexed / Double(valid) - expectedIndexed).magnitude <= 1e-6 * size / Double(valid) * Double(values.count), "\(row): \(indexed)")
      if !row[6].isEmpty {
        let time = try #require(cube.time)
        for (date, text) in [(time.dates.first, row[6]), (time.dates.last, row[7])] {
          let date = try #require(date)
          #expect("\(date.year)-\(date.month)-\(date.day)-\(Int(date.secondOfDay))" == text, "\(row)")
        }
      }
    }
  }

  @Test(
    "files that are no cubes are refused with the reason",
    .enabled(if: TestFiles.shared != nil, "no real files beside the package"),
    arguments: [
      ("misc_netcdf/unidata_enum_data.nc", "enum type 'cloud_class_t'"), ("misc_netcdf/unidata_vlen_data.nc", "variable-length"),
      ("misc_netcdf/unidata_ref_tst_compounds.nc", "compound type 'obs_t'"), ("misc_netcdf/unidata_ref_hdf5_compat3.nc", "compound type 'cmp1'"),
      ("misc_netcdf/cfdm_external.nc", "'latitude' has no coordinate variable"), ("misc_netcdf/cfdm_contiguous.nc", "no latitude"),
      ("misc_netcdf/cfdm_subsampled.nc", "no latitude"), ("misc_netcdf/geocat_noleap_names_with_minus.nc", "no latitude"),
      ("misc_netcdf/unidata_ref_test_360_day_1900.nc", "no latitude"), ("misc_netcdf/unidata_nctest_cdf5.nc", "no latitude"),
      ("misc_netcdf/unidata_ref_test_corrupt_magic.nc", "of string"), ("misc_netcdf/unidata_group_data.nc", "no latitude"),
      ("drivers/climatology/BIOME4_inputdata.nc", "the name of one of temp, prec, sun"),
      ("regions/reccap2_18regions_countries.csv", "Unknown file format"),
    ])
  func refused(file: String, reason: String) throws {
    let folder = try #require(TestFiles.shared)
    expectRefusal(reason) { try Cube.open(folder + "/" + file) }
  }
}
