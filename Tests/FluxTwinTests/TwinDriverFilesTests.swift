import FluxCore
import FluxData
import FluxTwin
import Glibc
import Testing

@Suite("The twin's driver files alone")
struct TwinDriverFilesTests {
  @Test("are those of the whole archive, value for value")
  func same() throws {
    let folder = "/tmp/fluxbridge-twin-drivers-\(getpid())"
    _ = try TwinArchive.write(path: folder + "/whole", resolution: 10, years: 2003...2003, seed: 4)
    try TwinArchive.writeDrivers(path: folder + "/alone", resolution: 10, years: 2003...2003, seed: 4)
    for name in ["tair", "rg", "precip", "evi", "fapar", "ndvi", "ndwi", "band4", "lst_day", "lst_night", "pft"] {
      let hashes = try ["whole", "alone"].map { try Cube.open("\(folder)/\($0)/drivers/\(name).nc", variable: name).values().map(\.bitPattern) }
      #expect(hashes[0] == hashes[1], "\(name)")
    }
    _ = system("rm -r \(folder)")
  }
}
