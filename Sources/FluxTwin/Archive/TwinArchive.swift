import FluxCore
import FluxData
import FluxDrivers
import Glibc

/// The synthetic Earth as files, in the layouts of the real ones.
///
/// ```
/// drivers/     tair rg precip (daily), evi fapar ndvi ndwi band4 lst_day lst_night (8-daily), pft
/// towers/      FLX_<SITE>_FLUXNET2015_SUBSET_DD_<y0>-<y1>_1-1.csv, sites.csv
/// inversions/  inversions.nc, the Global Carbon Budget's layout at 1°
/// fires/       gfas.nc, daily, from 2003
/// lateral/     lateral.nc            fossil/  fossil.nc
/// reference/   nee.nc, an independent tower-only product
/// truth/       nee gpp ter water, towers.csv: read through ``TwinTruth`` alone
/// ```
///
/// Every file is written under another name and renamed; equal arguments give equal files.
public struct TwinArchive: Sendable {
  /// The folder.
  public let path: String
  /// The truth's own figures.
  public let report: TwinReport

  /// How a synthetic Earth says what it is, in the title of its netCDF files and in its folder's `README.txt`.
  public static let mark = "Fluxbridge twin: a synthetic Earth, not observed"

  static let folders = ["drivers", "towers", "inversions", "fires", "lateral", "fossil", "reference", "truth"]

  /// Makes the reference product from an archive that holds all the rest.
  public typealias Reference = (_ archive: String) throws -> Cube

  /// Makes an Earth and writes it.
  ///
  /// - Parameters:
  ///   - path: the folder; made with its parents when it does not exist, its files replaced when they do.
  ///   - resolution: degrees, a multiple of 0.5 that divides 180.
  ///   - years: first and last.
  ///   - reference: makes `reference/nee.nc`; nil leaves it out.
  ///   - onProgress: called before each part with the share that is done, as far as known, and what the part is.
  /// - Throws: ``FluxError`` for arguments out of range and for a disk that refuses; ``Interrupted``.
  public static func write(
    path: String, resolution: Double = 2, years: ClosedRange<Int> = 2001...2008, seed: UInt64 = 1,
    parameters: TwinParameters = TwinParameters(), reference: Reference? = nil, onProgress: (Double, String) -> Void = { _, _ in }
  ) throws -> TwinArchive {
    onProgress(0, "weather and vegetation")
    let earth = try TwinEarth(
      geography: TwinGeography(resolution: resolution, radius: parameters.climate.continentalityRadius),
      firstYear: years.lowerBound, lastYear: years.upperBound, seed: seed, parameters: parameters)
    return try write(earth, path: path, reference: reference, onProgress: onProgress)
  }

  /// Writes an Earth.
  public static func write(
    _ earth: TwinEarth, path: String, reference: Reference? = nil, onProgress: (Double, String) -> Void = { _, _ in }
  ) throws -> TwinArchive {
    try makeFolders(path)
    let writer = TwinArchiveWriter(earth: earth, path: path)
    let emissions = TwinEmissions(earth: earth)
    onProgress(0.3, "drivers")
    try writer.writeDrivers()
    onProgress(0.5, "towers")
    try writer.writeTowers()
    onProgress(0.6, "inversions and fires")
    try writer.writeExchange(emissions)
    onProgress(0.7, "truth")
    try writer.writeTruth()
    let report = earth.report()
    try TextFile.write(report.description + "\n", to: path + "/truth/report.txt")
    onProgress(0.75, "the towers' own product")
    if let reference { try reference(path).save(path + "/reference/nee.nc") }
    return TwinArchive(path: path, report: report)
  }

  /// Makes only the files in `drivers/`, the same as those of a whole archive, some pixels at a time: for Earths
  /// that do not fit in memory. Weather and composites are held, not the truth.
  ///
  /// - Parameter onProgress: called now and then with the share that is done.
  /// - Throws: as ``write(path:resolution:years:seed:parameters:reference:)``.
  public static func writeDrivers(
    path: String, resolution: Double, years: ClosedRange<Int>, seed: UInt64 = 1, parameters: TwinParameters = TwinParameters(),
    onProgress: (Double) -> Void = { _ in }
  ) throws {
    let geography = try TwinGeography(resolution: resolution, radius: parameters.climate.continentalityRadius)
    let calendar = try TwinCalendar(firstYear: years.lowerBound, lastYear: years.upperBound, lead: parameters.weather.leadDays)
    try makeFolders(path)
    let map = NodeMap(latitude: geography.latitude, longitude: geography.longitude, spacing: parameters.weather.nodeSpacing)
    let mode = TwinMode(geography: geography, calendar: calendar, parameters: parameters.mode, seed: seed)
    let climate = TwinClimate.all(geography: geography, map: map, parameters: parameters, seed: seed)
    let vegetation = TwinVegetation(geography: geography, climate: climate, map: map, parameters: parameters, seed: seed)
    let pixels = geography.pixelCount, slice = 4096
    let kept = try ["temperature", "radiation", "rain"].map { try DailyField(pixels: pixels, days: calendar.dayCount, name: $0) }
    let composites = try TwinComposites(pixels: pixels, calendar: calendar)
    for first in stride(from: 0, to: pixels, by: slice) {
      try Interrupt.check()
      onProgress(0.5 * Double(first) / Double(pixels))
      let range = first..<min(pixels, first + slice)
      let weather = try TwinWeather(
        geography: geography, calendar: calendar, climate: climate, map: map, mode: mode, parameters: parameters, seed: seed, pixels: range)
      let model = try TwinTruthModel(
        geography: geography, calendar: calendar, climate: climate, vegetation: vegetation, weather: weather, mode: mode,
        parameters: parameters, pixels: range)
      composites.fill(
        range, geography: geography, calendar: calendar, vegetation: vegetation, weather: weather, model: model, parameters: parameters,
        seed: seed)
      for (field, own) in zip(kept, [weather.temperature, weather.radiation, weather.rainSeen]) {
        for pixel in range { field.series(pixel).update(from: own.series(pixel) + calendar.lead, count: calendar.dayCount) }
      }
    }
    let files = TwinMapFiles(geography: geography, path: path)
    onProgress(0.5)
    try files.writeWeather(temperature: kept[0], radiation: kept[1], rain: kept[2], skipping: 0, years: years)
    onProgress(0.9)
    try files.writeComposites(composites)
    try files.writeMosaic(vegetation)
  }

  /// A tower-only model of another seed, trained on the archive's own towers and the drivers built from it.
  public static func standardReference(seed: UInt64) -> Reference {
    { path in
      let names = BaseVariable.compositeNames + BaseVariable.dailyNames
      var cubes: [String: Cube] = [:]
      for name in names { cubes[name] = try Cube.open("\(path)/drivers/\(name).nc", variable: name) }
      let drivers = try DriverBuilder(cubes: cubes, pft: Cube.open("\(path)/drivers/pft.nc", variable: "pft")).build()
      // Its own seed: never that of an experiment, which counts from 1.
      var stream = RandomStream(seed: seed, purpose: "twin reference product")
      return try ReferenceProduct.make(archive: path, drivers: drivers, seed: stream.next())
    }
  }

  private static func makeFolders(_ path: String) throws {
    guard !path.isEmpty else {
      throw FluxError("path is empty", at: "twin.archive", expected: "the folder to write to")
    }
    // Every folder on the way, as mkdir -p does.
    let steps = path.indices.filter { path[$0] == "/" && $0 != path.startIndex }.map { String(path[..<$0]) }
    for folder in steps + [path] + folders.map({ "\(path)/\($0)" }) {
      var status = stat()
      guard mkdir(folder, 0o755) != 0 else { continue }
      let reason = String(cString: strerror(errno))
      guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw FluxError(
          "cannot make the folder \(folder): \(reason)", at: "twin.archive", expected: "a folder that can be written",
          remedy: "Choose another path.")
      }
    }
    // A tower of an older archive in the same folder would be read with the new ones.
    try removeOldTowers(path + "/towers")
    try TextFile.write("\(TwinArchive.mark)\n", to: path + "/README.txt")
  }

  private static func removeOldTowers(_ folder: String) throws {
    guard let directory = opendir(folder) else { return }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          UnsafeRawPointer($0).withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    for name in names where name.hasPrefix("FLX_") && name.contains("-T") && name.hasSuffix("_1-1.csv") { unlink("\(folder)/\(name)") }
  }
}
