import FluxCore
import FluxDrivers
import Testing

@Suite("Water balance")
struct WaterBalanceTests {
  @Test("two layers by hand: fill, overflow, run off, and demand from the upper layer first")
  func twoLayers() {
    let model = WaterBalance()
    var state = WaterBalance.State(upper: 10, lower: 90)
    // 20 mm: 5 fill the upper, 10 fill the lower, 5 run off. Supply 0.75 of the upper, 5 of the lower.
    let losses = model.step(&state, precipitation: 20, temperature: 10, demand: 2)
    #expect(losses.runoff == 5)
    #expect(losses.evapotranspiration == 2)
    #expect(state.upper == 14.25 && state.lower == 98.75 && state.snow == 0)
    #expect(model.index(state) == 0.9875)
  }

  @Test("one layer by hand: recharge first, then the smaller of demand and supply")
  func oneLayer() {
    let model = WaterBalance(layers: .one)
    var state = WaterBalance.State(lower: 50, snow: 20)
    // Melt: 3 × 2 °C + 2 × 100 W m⁻² × 0.0864 = 23.28, no more than the 20 mm there are.
    var losses = model.step(&state, precipitation: 10, temperature: 2, demand: 9, netRadiation: 100)
    #expect(abs(losses.evapotranspiration - 4) < 1e-12)  // 0.05 × (50 + 30)
    #expect(losses.runoff == 0)
    #expect(abs(state.lower - 76) < 1e-12)
    losses = model.step(&state, precipitation: 40, temperature: 2, demand: 1)
    #expect(abs(losses.runoff - 16) < 1e-12)
    #expect(abs(state.lower - 99) < 1e-12)
  }

  @Test("snow waits below zero and melts three millimetres a degree")
  func snow() {
    let model = WaterBalance()
    var state = WaterBalance.State()
    _ = model.step(&state, precipitation: 10, temperature: -1, demand: 0)
    #expect(state == WaterBalance.State(snow: 10))
    _ = model.step(&state, precipitation: 0, temperature: 2, demand: 0)
    #expect(state == WaterBalance.State(upper: 6, snow: 4))
  }

  @Test("the water budget is closed to 1e-9 of the throughput, and the index stays in 0…1", arguments: [WaterBalance.Layers.two, .one])
  func budget(layers: WaterBalance.Layers) {
    let model = WaterBalance(layers: layers)
    var random = RandomStream(seed: 4)
    for _ in 0..<40 {
      var state = WaterBalance.State()
      let wet = random.uniform(0, 20), warm = random.uniform(-25, 30), thirst = random.uniform(0, 12)
      var inflow = 0.0, outflow = 0.0
      for _ in 0..<5000 {
        let rain = random.uniform() < 0.3 ? wet * random.uniform() : 0
        let losses = model.step(
          &state, precipitation: rain, temperature: warm + random.uniform(-15, 15), demand: thirst * random.uniform(),
          netRadiation: random.uniform(0, 200))
        inflow += rain
        outflow += losses.evapotranspiration + losses.runoff
        #expect(losses.evapotranspiration >= 0 && losses.runoff >= 0)
        #expect(state.upper >= 0 && state.upper <= 15 && state.snow >= 0)
        #expect(model.index(state) >= 0 && model.index(state) <= 1)
      }
      #expect(abs(inflow - outflow - state.total) <= 1e-9 * (inflow + outflow))
    }
  }

  @Test("three years spun up are those of a plain Python program: loops, index, evapotranspiration and runoff", arguments: [WaterBalance.Layers.two, .one])
  func reference(_ layers: WaterBalance.Layers) throws {
    let row = try #require(referenceTable("water_balance.csv").first { $0[0] == "\(layers.rawValue)" }).compactMap(Double.init)
    let days = 3 * 365
    var rain: [Float] = [], warmth = rain, potential = rain, net = rain
    for day in 0..<days {
      rain.append(day * 37 % 5 == 0 ? Float(day * 53 % 400) / 24 : 0)
      warmth.append(24 - Float(abs(day % 365 - 200)) / 4 + Float(day * 17 % 7))
      potential.append(Float(day * 29 % 56) / 8)
      net.append(Float(day * 31 % 200))
    }
    let fapar = (0..<365).map { 0.25 + Float($0 % 96) / 128 }
    var index = [Float](repeating: -1, count: days)
    let report = net.withUnsafeBufferPointer { net in
      WaterBalance(layers: layers).run(
        WaterBalance.Forcing(
          precipitation: rain, temperature: warmth, potentialEvaporation: potential, netRadiation: net.baseAddress, fapar: fapar,
          seasonIndex: (0..<days).map { $0 % 365 }, pixelCount: 1), into: &index)
    }
    #expect(report.loops == Int(row[1]) && report.unsettledPixels == 0 && report.budgetError < 1e-9)
    // The file has nine decimals, the index single precision.
    for (place, expected) in row.dropFirst(6).enumerated() { #expect(abs(Double(index[place * 15]) - expected) < 1e-7, "day \(place * 15)") }
    #expect(row.count == 6 + 73)
    // What numpy's program says of itself: in = out + change.
    #expect(abs(row[2] - row[3] - row[4] - row[5]) < 1e-6 && row[4] > 1)
  }

  @Test("the spun-up record begins where it ends, for any number of threads, its water budget closed to 1e-9", arguments: [WaterBalance.Layers.two, .one])
  func spinUp(_ layers: WaterBalance.Layers) {
    let pixels = 700, days = 730
    var random = RandomStream(seed: 9)
    var rain = [Float](repeating: 0, count: pixels * days), warmth = rain, demand = rain, net = rain
    for i in rain.indices {
      rain[i] = random.uniform() < 0.3 ? Float(random.uniform(0, 12)) : 0
      warmth[i] = Float(random.uniform(-15, 25))
      demand[i] = Float(random.uniform(0, 6))
      net[i] = Float(random.uniform(0, 150))
    }
    let fapar = [Float](repeating: 0.6, count: 365 * pixels)
    let season = (0..<days).map { $0 % 365 }
    func index(threads: Int) -> ([Float], WaterBalance.SpinUp) {
      var index = [Float](repeating: -1, count: pixels * days)
      let report = net.withUnsafeBufferPointer { net in
        let forcing = WaterBalance.Forcing(
          precipitation: rain, temperature: warmth, potentialEvaporation: demand, netRadiation: net.baseAddress,
          fapar: fapar, seasonIndex: season, pixelCount: pixels)
        return ThreadPool.withThreadCount(threads) { WaterBalance(layers: layers).run(forcing, into: &index) }
      }
      return (index, report)
    }
    let (one, report) = index(threads: 1)
    #expect(report.unsettledPixels == 0 && report.loops > 1)
    #expect(report.budgetError < 1e-9)
    #expect(one.allSatisfy { $0 >= 0 && $0 <= 1 })
    #expect(index(threads: 2).0 == one)
  }
}

@Suite("Evaporative demand")
struct EvaporativeDemandTests {
  @Test("a clear summer day by hand")
  func clearDay() {
    // n = (320/400 − 0.25)/0.5 = 1 after clipping: R_n = 0.83 × 320 − (107 − 20) = 178.6 W m⁻².
    let net = EvaporativeDemand.netRadiation(shortwave: 320, potential: 400, temperature: 20)
    #expect(abs(net - 178.6) < 1e-9)
    // Δ(20 °C) = 0.1447 kPa °C⁻¹, λ = 2.4538: 1.26 × 0.6822 × 178.6 × 0.0864 / 2.4538 = 5.406 mm.
    let demand = EvaporativeDemand.potential(netRadiation: net, temperature: 20)
    #expect(abs(demand - 5.406) < 0.005)
  }

  @Test("the polar night asks for no water")
  func night() {
    #expect(EvaporativeDemand.netRadiation(shortwave: 0, potential: 0, temperature: -30) == 0)
    #expect(EvaporativeDemand.potential(netRadiation: 0, temperature: -30) == 0)
  }
}
