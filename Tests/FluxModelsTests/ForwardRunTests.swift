import FluxCore
import FluxData
import FluxDrivers
import FluxModels
import FluxTensor
import Glibc
import Testing

@Suite("Forward runs over the land")
struct ForwardRunTests {
  private let drivers: DriverStore
  private let model: MultilayerPerceptron

  init() throws {
    let grid = try Grid.regular(step: 10), time = TimeAxis.daily(years: 2003...2004)
    let regions = try RegionSet.reccap2(on: grid)
    let definitions = [
      DriverDefinition("constant", .constant, "c", unit: "1"), DriverDefinition("season", .seasonal, "s", unit: "1"),
      DriverDefinition("weather", .daily, "w", unit: "1"),
    ]
    var random = RandomStream(seed: 1)
    let values = [1, 365, time.count].map { rows in (0..<(rows * regions.landPixels.count)).map { _ in Float(random.normal()) } }
    drivers = try DriverStore(definitions: definitions, grid: grid, pixels: regions.landPixels, time: time, values: values)
    model = try MultilayerPerceptron(inputs: drivers.names, hidden: [8, 8], seed: 1)
  }

  @Test("a month is the mean of the model over its days, pixel by pixel, whatever bends between its layers", arguments: Activation.allCases)
  func month(_ activation: Activation) throws {
    let model = try MultilayerPerceptron(inputs: drivers.names, hidden: [8, 8], activation: activation, seed: 1)
    let run = try ForwardRun(model, drivers, years: [2004]), february = drivers.time.months()[13]
    #expect(run.time.count == 12)
    let count = drivers.pixelCount
    var sum = [Double](repeating: 0, count: count)
    for d in february.indices {
      let x = drivers.withDay(d) { rows in rows.flatMap { Array(UnsafeBufferPointer(start: $0, count: count)) } }
      let columns = try Samples(columns: Tensor(x, shape: [drivers.driverCount, count]))
      let day = try Tape.withoutRecording { try model.evaluate(.nee, columns).floats() }
      for p in 0..<count { sum[p] += Double(day[p]) }
    }
    for (p, cell) in drivers.pixels.enumerated() {
      #expect(abs(Double(run.nee[drivers.grid.cellCount + cell]) - sum[p] / 29) < 1e-6)
    }
    #expect(run.nee.filter { !$0.isNaN }.count == 12 * count)
  }

  @Test("one and two threads give the same bits, in maps and in totals")
  func threads() throws {
    let regions = try RegionSet.reccap2(on: drivers.grid)
    var maps: [[UInt32]] = [], totals: [[Double]] = []
    for threads in [1, 2] {
      try ThreadPool.withThreadCount(threads) {
        maps.append(try ForwardRun(model, drivers).nee.map(\.bitPattern))
        totals.append(try ForwardRun.integral([model], drivers, regions).values)
      }
    }
    #expect(maps[0] == maps[1] && totals[0] == totals[1])
  }

  @Test("totals without a cube are those of the cube, member by member")
  func integral() throws {
    let regions = try RegionSet.reccap2(on: drivers.grid)
    let other = try MultilayerPerceptron(inputs: drivers.names, hidden: [4], seed: 2)
    let direct = try ForwardRun.integral([model, other], drivers, regions, years: [2003])
    let cube = try ForwardRun.cube([model, other], drivers, years: [2003]).integral(regions)
    #expect(direct.values == cube.values && direct.members == cube.members && direct.unit == cube.unit)
    #expect(direct.time.dates == cube.time.dates)
  }

  @Test("maps streamed to a file are those in memory, days too")
  func file() throws {
    let path = "/tmp/fluxbridge-\(getpid())-forward.nc"
    defer { unlink(path) }
    for step in ForwardRun.Step.allCases {
      let memory = try ForwardRun.cube([model, model], drivers, years: [2004], step: step)
      let file = try ForwardRun.cube([model, model], drivers, years: [2004], step: step, into: path)
      #expect(file.shape == memory.shape && file.unit == memory.unit)
      #expect(try file.values().map(\.bitPattern) == memory.values().map(\.bitPattern))
    }
  }
}
