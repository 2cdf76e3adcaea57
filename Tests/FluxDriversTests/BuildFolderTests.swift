import FluxCore
import FluxData
@testable import FluxDrivers
import Glibc
import TestSupport
import Testing

@Suite("Building drivers into a file")
struct BuildFolderTests {
  /// What a build that is killed looks like from inside: reading stops.
  private struct Killed: Error {}

  /// Counts reads, and stops before the one after `limit`.
  private final class Reads {
    var count = 0
    var limit = Int.max
  }

  /// Those with a name, and two that read what the water balance uses up: before, together with, and after it.
  private static var recipes: [DriverRecipe] {
    get throws {
      DriverRecipe.presets + [
        try DriverRecipe(
          name: "mixed",
          [
            .init(name: "rain", formula: "precip"), .init(name: "use", formula: "wai * rg"), .init(name: "cycle", formula: "msc(wai * rg * ndvi)"),
            .init(name: "light", formula: "rg / (rpot + 1)"), .init(name: "top", formula: "max(msc(rg) - rpot) / mean(rpot)"),
          ], from: .paper),
        try DriverRecipe(name: "dry", [.init(name: "warmth", formula: "tair + 273.15"), .init(name: "green", formula: "msc(ndvi)")]),
      ]
    }
  }

  private func builder(_ synthetic: SyntheticVariables, _ recipe: DriverRecipe, _ reads: Reads, gaps: Bool = true) throws -> DriverBuilder {
    let variables = try synthetic.variables().map { variable in
      BaseVariable(name: variable.name, grid: variable.grid, time: variable.time) { steps in
        reads.count += 1
        if reads.count > reads.limit { throw Killed() }
        return try variable.values(steps)
      }
    }
    var builder = try DriverBuilder(variables: variables, landPixels: SyntheticVariables.land)
    builder.recipe = recipe
    return builder
  }

  /// Weather with a gap and a negative rain, so that notes count something.
  private var synthetic: SyntheticVariables {
    var synthetic = SyntheticVariables()
    synthetic.values["rg"] = { date, cell in date.day == 3 ? .nan : 150 + Float(date.month) + Float(cell) }
    synthetic.values["precip"] = { date, cell in date.day == 9 ? -1 : Float((date.day * 7 + cell) % 5) }
    return synthetic
  }

  @Test("a build into a file gives the drivers of a build in memory, mapped, and leaves nothing beside it", arguments: try recipes)
  func same(_ recipe: DriverRecipe) throws {
    let path = temporaryPath("built-\(recipe.name).nc")
    defer { unlink(path) }
    let memory = try builder(synthetic, recipe, Reads()).build()
    let file = try builder(synthetic, recipe, Reads()).build(into: path)
    #expect(file.hash == memory.hash && file.notes == memory.notes)
    #expect(access(path + ".build", F_OK) != 0)
    #expect(try DriverStore.open(path).hash == memory.hash)
  }

  @Test("wherever a build is killed, it goes on there, and the drivers are the same", arguments: try recipes)
  func resumed(_ recipe: DriverRecipe) throws {
    let path = temporaryPath("resumed-\(recipe.name).nc")
    defer { unlink(path) }
    let all = Reads()
    let whole = try builder(synthetic, recipe, all).build()
    // The fingerprint reads the ends of ten variables at each start.
    let reads = Reads(), fingerprint = 20
    var starts = 0
    var made: DriverStore?
    while made == nil, starts < 20 {
      starts += 1
      reads.limit = reads.count + fingerprint + (starts < 7 ? 1 : 14)  // three records of two years; the cycles are one stage of fourteen
      do { made = try builder(synthetic, recipe, reads).build(into: path) } catch is Killed {}
    }
    #expect(starts > (recipe.name == "dry" ? 0 : 6) && made?.hash == whole.hash && made?.notes == whole.notes)
  }

  @Test("what another build left half made is not used")
  func otherBuild() throws {
    let path = temporaryPath("other.nc"), reads = Reads()
    defer { unlink(path) }
    reads.limit = 22
    #expect(throws: Killed.self) { try builder(SyntheticVariables(), .paper, reads).build(into: path) }
    #expect(access(path + ".build", F_OK) == 0)
    let whole = try builder(synthetic, .paper, Reads()).build()
    #expect(try builder(synthetic, .paper, Reads()).build(into: path).hash == whole.hash)
  }

  @Test("damage is found, and located")
  func damage() throws {
    let path = temporaryPath("located.nc")
    defer { unlink(path) }
    try DriverStoreTests.example().save(path)
    let weather = try #require(ContiguousVariable.locate(["weather"], in: path)[0])
    let file = open(path, O_RDWR)
    var byte: UInt8 = 0x55
    #expect(pwrite(file, &byte, 1, off_t(weather.offset + 4 * 3 * 40)) == 1)
    close(file)
    expectRefusal("'weather' is not what was written, rows 33 to 64") { try DriverStore.open(path) }
    #expect(throws: Never.self) { try DriverStore.open(path, isVerified: false) }
  }

  @Test("large drivers begin at a page of the file, where they can be mapped")
  func aligned() throws {
    let path = temporaryPath("aligned.nc"), grid = try Grid.regular(step: 2), time = TimeAxis.daily(years: 2003...2003)
    defer { unlink(path) }
    let definitions = [DriverDefinition("a", .constant, "a", unit: "1"), DriverDefinition("b", .daily, "b", unit: "1")]
    let values = [100, 36_500].map { count in (0..<count).map { Float($0) } }
    try DriverStore(definitions: definitions, grid: grid, pixels: Array(0..<100), time: time, values: values).save(path)
    let piece = try #require(ContiguousVariable.locate(["a", "b", "c"], in: path)[1])
    #expect(piece.offset % 4096 == 0 && piece.count == 36_500)
    #expect(ContiguousVariable.locate(["c"], in: path) == [nil])
    #expect(try DriverStore.open(path).value(driver: 1, pixel: 7, day: 300) == 30_007)
  }

  @Test("a file that is cut off is refused, not mapped")
  func cutOff() throws {
    let path = temporaryPath("cut.nc")
    defer { unlink(path) }
    try DriverStoreTests.example().save(path)
    var status = stat()
    #expect(stat(path, &status) == 0 && truncate(path, status.st_size / 2) == 0)
    expectRefusal("\(path): opening it failed", "probably truncated") { try DriverStore.open(path) }
    #expect(ContiguousVariable.locate(["weather"], in: path) == [nil])
  }
}
