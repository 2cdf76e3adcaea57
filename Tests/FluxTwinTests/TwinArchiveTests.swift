import FluxCore
import FluxData
import FluxDrivers
import FluxObservations
import Glibc
import TestSupport
import Testing

@testable import FluxTwin

/// A small archive, written once: 6°, three years from 2002, perfect inversions.
private final class SmallArchive: Sendable {
  static let shared = Result { try SmallArchive() }
  let path: String
  let earth: TwinEarth

  init() throws {
    path = "\(Self.temporary)/fluxbridge-twin-\(getpid())"
    var parameters = TwinParameters()
    try parameters.override(errors: ["scale": 0])
    earth = try TwinFixture.earth(seed: 5, years: 2002...2004, parameters: parameters)
    _ = try TwinArchive.write(earth, path: path)
    let path = path
    Self.removal = path
    atexit { SmallArchive.remove(SmallArchive.removal) }
  }

  static let temporary = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
  nonisolated(unsafe) private static var removal = ""

  static func remove(_ path: String) {
    for folder in TwinArchive.folders {
      if let directory = opendir("\(path)/\(folder)") {
        while let entry = readdir(directory) {
          let name = withUnsafePointer(to: &entry.pointee.d_name) {
            UnsafeRawPointer($0).withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
          }
          unlink("\(path)/\(folder)/\(name)")
        }
        closedir(directory)
      }
      rmdir("\(path)/\(folder)")
    }
    rmdir(path)
  }
}

@Suite("The twin's archive")
struct TwinArchiveTests {
  @Test("the drivers build from its base variables, on the twin's own pixels")
  func drivers() throws {
    let archive = try SmallArchive.shared.get()
    var cubes: [String: Cube] = [:]
    for name in BaseVariable.compositeNames + BaseVariable.dailyNames {
      cubes[name] = try Cube.open("\(archive.path)/drivers/\(name).nc", variable: name)
    }
    let store = try DriverBuilder(cubes: cubes, pft: Cube.open("\(archive.path)/drivers/pft.nc", variable: "pft")).build()
    #expect(store.driverCount == 10)
    #expect(store.pixels == archive.earth.geography.cells)
    #expect(store.dayCount == archive.earth.calendar.dayCount)
    let tair = try store.index(ofDriver: "Tair")
    // Packed in 16 bits over 150 °C.
    #expect(abs(store.value(driver: tair, pixel: 40, day: 200) - archive.earth.weather.temperature[40, 200 + archive.earth.calendar.lead]) < 0.003)
  }

  @Test("the towers are read like FLUXNET's, and the kept days are those of good quality")
  func towers() throws {
    let archive = try SmallArchive.shared.get()
    var options = TowerSet.Options()
    options.sites = "\(archive.path)/towers/sites.csv"
    let set = try TowerSet.open(["\(archive.path)/towers"], options: options)
    #expect(set.records.count == 210)
    let kept = archive.earth.towers.sites.reduce(0) { sum, tower in
      sum + archive.earth.towers.record(tower, calendar: archive.earth.calendar, balance: archive.earth.balance).count { $0.quality >= 0.75 }
    }
    #expect(set.report.days.kept == kept)
  }

  @Test("perfect inversions less fires and lateral fluxes are the true NEE of every region, but for smoothing")
  func inversions() throws {
    let archive = try SmallArchive.shared.get()
    let earth = archive.earth, geography = earth.geography
    let ensemble = try InversionEnsemble.open("\(archive.path)/inversions/inversions.nc")
      .subtracting(Cube.open("\(archive.path)/fires/gfas.nc")).subtracting(Cube.open("\(archive.path)/lateral/lateral.nc"))
    #expect(ensemble.members == earth.parameters.errors.members)
    let series = try ensemble.regional(RegionSet.reccap2(on: .regular(step: 1)))
    // Fires of 2002 are not in the file, so two years count.
    let months = 12..<36
    var whole = (0.0, 0.0)
    for region in geography.codes.indices {
      var truth = 0.0
      for pixel in 0..<geography.pixelCount where geography.regionArea[region][pixel] > 0 {
        var sum = 0.0
        for day in earth.calendar.monthStart[12]..<earth.calendar.dayCount {
          sum += Double(earth.balance.ter[pixel, day] - earth.balance.gpp[pixel, day])
        }
        truth += sum * geography.regionArea[region][pixel] * 1e-15
      }
      let seen = months.reduce(0) { $0 + series[0, region, time: $1] }
      // Two years; 200 km of smoothing moves a few hundredths of a PgC across a border.
      #expect(abs(seen - truth) < 0.12, "\(geography.codes[region])")
      whole = (whole.0 + truth, whole.1 + seen)
    }
    #expect(abs(whole.0 - whole.1) < 0.02)
    // UoE has no data in the first of three years.
    #expect(series[3, 4, time: 5].isNaN && !series[3, 4, time: 12].isNaN)
  }

  @Test("fires are 2 PgC a year from 2003 on, lateral fluxes −0.65")
  func emissions() throws {
    let archive = try SmallArchive.shared.get()
    let fires = try Cube.open("\(archive.path)/fires/gfas.nc", variable: "co2fire")
    #expect(fires.time?.dates.first?.year == 2003)
    let emissions = TwinEmissions(earth: archive.earth)
    var fire = 0.0, lateral = 0.0
    for pixel in emissions.lateral.indices {
      for month in emissions.fire.indices {
        let days = archive.earth.calendar.monthStart[month + 1] - archive.earth.calendar.monthStart[month]
        fire += emissions.fire[month][pixel] * archive.earth.geography.area[pixel] * Double(days) * 1e-15
      }
      lateral += emissions.lateral[pixel] * archive.earth.geography.area[pixel] * 365.25e-15
    }
    #expect(abs(fire / (1096 / 365.25) - 2) < 1e-6)
    #expect(abs(lateral - -0.65) < 1e-6)
    #expect(emissions.fire.allSatisfy { $0.allSatisfy { $0 >= 0 } })
  }

  @Test("the truth is opened by its own door and agrees with the Earth in memory")
  func truth() throws {
    let archive = try SmallArchive.shared.get()
    let truth = try TwinTruth.open(archive.path)
    let day = 400, pixel = 60, cell = archive.earth.geography.cells[pixel]
    let nee = try truth.nee.read(time: day..<(day + 1))
    #expect(nee[cell] == archive.earth.balance.ter[pixel, day] - archive.earth.balance.gpp[pixel, day])
    #expect(nee.count { !$0.isNaN } == archive.earth.geography.pixelCount)
    let tower = archive.earth.towers.sites[0]
    let record = archive.earth.towers.record(tower, calendar: archive.earth.calendar, balance: archive.earth.balance)
    let date = archive.earth.calendar.date(record[10].day)
    let found = try #require(truth.towers.nee(site: tower.site, date: date.year * 10_000 + date.month * 100 + date.day))
    #expect(abs(found - record[10].truth) < 1e-5)
    #expect(truth.towers.nee(site: tower.site, date: 19_990_101) == nil)
    #expect(truth.towers.nee(site: "XX-Nix", date: 20_030_101) == nil)
  }

  @Test("a folder without an archive, an empty path and a folder that cannot be made are refused")
  func refused() {
    expectRefusal("/nowhere/at/all/truth/nee.nc: no such file; its folder does not exist either") {
      try TwinTruth.open("/nowhere/at/all")
    }
    let small = Result { try SmallArchive.shared.get().earth }
    expectRefusal("path is empty; expected the folder to write to") { try TwinArchive.write(small.get(), path: "") }
    expectRefusal("cannot make the folder /proc/fluxbridge: No such file or directory") {
      try TwinArchive.write(small.get(), path: "/proc/fluxbridge/twin")
    }
  }

  @Test("equal arguments give equal files")
  func equal() throws {
    let folders = ["-one", "-two"].map { "\(SmallArchive.temporary)/fluxbridge-twin-\(getpid())\($0)" }
    defer { folders.forEach(SmallArchive.remove) }
    for folder in folders {
      _ = try TwinArchive.write(TwinFixture.earth(seed: 9, years: 2003...2003, resolution: 10), path: folder)
    }
    for file in ["drivers/precip.nc", "drivers/evi.nc", "inversions/inversions.nc", "fires/gfas.nc", "towers/sites.csv", "truth/towers.csv"] {
      let one = try bytes("\(folders[0])/\(file)"), two = try bytes("\(folders[1])/\(file)")
      #expect(!one.isEmpty && one == two, "\(file)")
    }
  }

  private func bytes(_ path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: ftell(file))
    rewind(file)
    _ = fread(&bytes, 1, bytes.count, file)
    return bytes
  }
}
