import FluxCore
import FluxData
import FluxDrivers
import TestSupport
import Testing

@Suite("Driver builder")
struct DriverBuilderTests {
  /// Products and means of single-precision numbers of a few hundred.
  let rounding: Float = 1e-4

  @Test("constant variables give the drivers that one multiplies by hand")
  func byHand() throws {
    let store = try SyntheticVariables().build()
    #expect(store.names == DriverRecipe.paper.drivers.map(\.name))
    #expect(store.dayCount == 731 && store.pixels == SyntheticVariables.land)
    let day = try #require(store.time.index(of: CalendarDate(year: 2004, month: 2, day: 29)))
    func value(_ name: String, pixel: Int = 0) throws -> Float {
      store.value(driver: try store.index(ofDriver: name), pixel: pixel, day: day)
    }
    #expect(abs(try value("MSC_EVIRpot") - 100) < rounding)
    #expect(abs(try value("MSC_FparLST") - 120) < rounding)
    #expect(abs(try value("MSC_LST_Night") - 280) < rounding)
    #expect(abs(try value("MIN_MSC_NDWI") - 0.1) < rounding)
    for name in ["AMP_Band4", "AMP_MSC_NDVI"] { #expect(abs(try value(name)) < rounding) }
    #expect(abs(try value("Tair", pixel: 2) - 33.29) < rounding)
    // 29 February takes 28 February, day 59; cell 30 lies at 15° S.
    let potential = PotentialRadiation.dailyMean(latitude: -15, dayOfYear: 59)
    #expect(abs(try value("Rg_VIMSC", pixel: 1) - 0.6 * Float(potential)) < rounding)
    let water = try value("WAI2")
    #expect(water >= 0 && water <= 1)
  }

  @Test("the water index is the balance of the forcing, spun up")
  func water() throws {
    var synthetic = SyntheticVariables()
    synthetic.values["tair"] = { date, _ in date.month < 4 ? -5 : 20 }
    synthetic.values["precip"] = { date, _ in date.month % 3 == 0 ? 8 : 0.5 }
    let store = try synthetic.build()
    // Two years a loop, until a loop moves the soil water by less than 0.1 mm.
    let model = WaterBalance()
    var state = WaterBalance.State(upper: 7.5, lower: 50), index: [Double] = []
    for _ in 0..<20 {
      index = []
      for date in store.time.dates {
        let t = date.month < 4 ? -5.0 : 20.0
        let season = SeasonalSlots.seasonIndex(month: date.month, day: date.day)
        let net = EvaporativeDemand.netRadiation(
          shortwave: 200, potential: PotentialRadiation.dailyMean(latitude: -15, dayOfYear: season + 1), temperature: t)
        let demand = 0.4 * EvaporativeDemand.potential(netRadiation: net, temperature: t)
        _ = model.step(&state, precipitation: date.month % 3 == 0 ? 8 : 0.5, temperature: t, demand: demand)
        index.append(model.index(state))
      }
    }
    for day in stride(from: 0, to: store.dayCount, by: 7) {
      // The spin-up may stop 0.1 of 100 mm early.
      #expect(abs(Double(store.value(driver: 0, pixel: 1, day: day)) - index[day]) < 1.5e-3, "day \(day)")
    }
    let amplitude = try store.value(driver: store.index(ofDriver: "AMP_MSC_WAI"), pixel: 1, day: 0)
    #expect(amplitude > 0.05 && amplitude < 1)
  }

  @Test("products are formed before averaging over the years")
  func productsFirst() throws {
    var synthetic = SyntheticVariables()
    synthetic.values["evi"] = { date, _ in date.year == 2003 ? 0.2 : 0.6 }
    synthetic.values["rg"] = { date, _ in date.year == 2003 ? 100 : 300 }
    let store = try synthetic.build()
    #expect(abs(store.value(driver: 2, pixel: 0, day: 200) - 100) < rounding)  // (20 + 180) / 2, not 0.4 × 200
  }

  @Test("the names recipe multiplies EVI with R_pot; tramontana multiplies NDVI with each day's R_g")
  func recipes() throws {
    var synthetic = SyntheticVariables()
    synthetic.values["rg"] = { date, _ in Float(100 + date.day) }
    let names = try synthetic.build(.names), tramontana = try synthetic.build(.tramontana)
    let potential = PotentialRadiation.dailyMean(latitude: -15, dayOfYear: 173)
    #expect(abs(names.value(driver: 2, pixel: 1, day: 172) - 0.5 * Float(potential)) < 1)
    #expect(tramontana.kinds[5] == .daily)
    #expect(abs(tramontana.value(driver: 5, pixel: 1, day: 30) - 0.6 * 131) < rounding)
    #expect(abs(tramontana.value(driver: 5, pixel: 1, day: 31) - 0.6 * 101) < rounding)
  }

  @Test("formulas of one's own give what one computes by hand, daily, seasonal and constant")
  func ownFormulas() throws {
    var synthetic = SyntheticVariables()
    synthetic.values["rg"] = { date, _ in Float(100 + date.day) }
    synthetic.values["ndvi"] = { date, _ in date.month < 7 ? 0.2 : 0.8 }
    let store = try synthetic.build(DriverRecipe([
      .init(name: "kelvin", formula: "tair + 273.15", unit: "K"), .init(name: "sum", formula: "(msc(evi) + 0.25) * rg - precip / 4"),
      .init(name: "range", formula: "max(msc(ndvi)) - min(msc(ndvi)) - amplitude(msc(ndvi))"),
      .init(name: "share", formula: "mean(msc(evi) * rpot) / mean(rpot)"), .init(name: "low", formula: "-min(msc(ndvi))"),
      .init(name: "top", formula: "rpot"), .init(name: "again", formula: "tair"),
    ]))
    func value(_ driver: Int, day: Int) -> Float { store.value(driver: driver, pixel: 1, day: day) }
    #expect(store.kinds == [.daily, .daily, .constant, .constant, .constant, .seasonal, .daily])
    #expect(abs(value(0, day: 30) - (1.31 + 30 + 273.15)) < rounding && abs(value(6, day: 30) - 31.31) < rounding)
    #expect(abs(value(1, day: 30) - (0.75 * 131 - 0.5)) < rounding)
    #expect(abs(value(2, day: 0)) < 1e-6 && abs(value(3, day: 0) - 0.5) < 1e-6 && abs(value(4, day: 0) + 0.2) < 1e-6)
    #expect(abs(value(5, day: 100) - Float(PotentialRadiation.dailyMean(latitude: -15, dayOfYear: 101))) < rounding)
    #expect(store.notes.allSatisfy { !$0.contains("water balance") })
  }

  @Test("a formula that divides by zero is refused by driver and formula")
  func noNumber() throws {
    let recipe = try DriverRecipe([.init(name: "odd", formula: "msc(evi) / (tair - tair)")])
    expectRefusal("driver 'odd' = msc(evi) / (tair - tair) is no number in 2193 of 2193 values") {
      try SyntheticVariables().build(recipe)
    }
  }

  @Test("gaps are filled, counted and told; nothing is missing in the store")
  func gaps() throws {
    var synthetic = SyntheticVariables()
    synthetic.values["evi"] = { _, cell in cell == 5 ? .nan : 0.5 }
    synthetic.values["lst_night"] = { _, cell in cell == 30 ? .nan : Float(cell) }
    synthetic.values["tair"] = { date, _ in date.month == 3 && date.day == 2 ? .nan : Float(date.day) }
    synthetic.values["precip"] = { date, cell in cell == 31 && date.day == 2 ? .nan : -1 }
    let store = try synthetic.build()
    #expect(store.value(driver: 2, pixel: 0, day: 0) == 0)
    #expect(store.value(driver: 4, pixel: 1, day: 0) == 31)
    #expect(store.value(driver: 1, pixel: 2, day: 60) == 1)
    let notes = store.notes.joined(separator: "\n")
    #expect(notes.contains("msc(evi * rg): 1 of 3 land pixels without a valid slot, set to zero: no vegetation"))
    #expect(notes.contains("msc(lst_night): 1 of 3 land pixels without a valid slot, taken from the nearest"))
    #expect(notes.contains("tair: 6 of 2193 pixel-days missing, filled with the day before"))
    #expect(notes.contains("precip: 24 of 2193 pixel-days missing, taken as zero"))
    #expect(notes.contains("negative pixel-days set to zero"))
    #expect(notes.contains("fewer than three valid years"))
  }

  @Test("a variable without any value on land is refused by name")
  func nothing() throws {
    for name in ["ndvi", "rg"] {
      var synthetic = SyntheticVariables()
      synthetic.values[name] = { _, _ in .nan }
      expectRefusal("'\(name)' has no valid value at any land pixel") { try synthetic.build() }
    }
  }

  @Test("forcing without leap days repeats 28 February")
  func noLeapDays() throws {
    var synthetic = SyntheticVariables()
    synthetic.calendar = .noleap
    let store = try synthetic.build()
    #expect(store.dayCount == 731)
    let leapDay = try #require(store.time.index(of: CalendarDate(year: 2004, month: 2, day: 29)))
    #expect(store.value(driver: 1, pixel: 0, day: leapDay) == store.value(driver: 1, pixel: 0, day: leapDay - 1))
    #expect(store.value(driver: 1, pixel: 0, day: leapDay + 1) > store.value(driver: 1, pixel: 0, day: leapDay))
  }

  @Test("cycles come from the base period, daily drivers from the years asked for")
  func periods() throws {
    var synthetic = SyntheticVariables()
    synthetic.years = 2011...2014
    synthetic.compositeYears = 2010...2014
    synthetic.values["ndvi"] = { date, _ in date.year <= 2012 ? 0.2 : 0.8 }
    let all = try synthetic.build(), last = try synthetic.build(years: 2014...2014)
    #expect(last.dayCount == 365)
    #expect(all.notes[0].hasPrefix("mean seasonal cycles are of 2011, 2012"))
    for driver in 0..<10 {
      #expect(last.value(driver: driver, pixel: 1, day: 100) == all.value(driver: driver, pixel: 1, day: 1096 + 100))
    }
    let potential = Float(PotentialRadiation.dailyMean(latitude: -15, dayOfYear: 101))
    #expect(abs(last.value(driver: 5, pixel: 1, day: 100) - 0.2 * potential) < rounding)
  }

  @Test("a given R_pot replaces the computed one")
  func givenPotential() throws {
    var synthetic = SyntheticVariables()
    synthetic.values["rpot"] = { date, _ in Float(date.month * 10) }
    let store = try synthetic.build()
    #expect(abs(store.value(driver: 5, pixel: 0, day: 40) - 0.6 * 20) < rounding)
  }

  @Test("variables stored per plant functional type are mixed by its fraction")
  func mixed() throws {
    let synthetic = SyntheticVariables()
    let variables = try synthetic.variables().map { variable in
      guard variable.name == "ndvi" else { return variable }
      let cells = variable.grid.cellCount
      return BaseVariable(name: "ndvi", grid: variable.grid, time: variable.time, types: ["tree", "grass"]) { steps in
        [Float](repeating: 0.8, count: steps.count * cells) + [Float](repeating: 0.2, count: steps.count * cells)
      }
    }
    expectRefusal("'ndvi' is stored for the types tree, grass; expected pft=") {
      try DriverBuilder(variables: variables, landPixels: SyntheticVariables.land)
    }
    let mosaic = try PlantFunctionalTypeMosaic(
      names: ["tree", "grass"], fractions: [1, 0.5, 0.25, 0, 0.5, 0.75], pixelCount: 3)
    let store = try DriverBuilder(variables: variables, landPixels: SyntheticVariables.land, mosaic: mosaic).build()
    let potential = Float(PotentialRadiation.dailyMean(latitude: -15, dayOfYear: 200))
    #expect(abs(store.value(driver: 5, pixel: 1, day: 199) - 0.5 * potential) < rounding)
    #expect(abs(store.value(driver: 5, pixel: 2, day: 199) - 0.35 * potential) < rounding)
  }

  @Test("what is missing, unknown, on another grid or of other years is named")
  func refused() throws {
    let good = try SyntheticVariables().variables()
    func message(_ variables: [BaseVariable], years: ClosedRange<Int>? = nil) -> String {
      refusal {
        var builder = try DriverBuilder(variables: variables, landPixels: SyntheticVariables.land)
        builder.years = years
        return try builder.build()
      }
    }
    #expect(message(good.filter { $0.name != "fapar" }).contains("no 'fapar'"))
    let misspelt = BaseVariable(name: "ndiv", grid: good[0].grid, time: good[0].time, read: { _ in [] })
    #expect(message(good + [misspelt]).contains("did you mean 'ndvi'?"))
    let coarse = BaseVariable(name: "rpot", grid: try Grid.regular(step: 60), time: good[0].time, read: { _ in [] })
    #expect(message(good + [coarse]).contains("'rpot' has 3 × 6 cells"))
    #expect(message(good, years: 2003...2005).contains("the year 2005 is not complete in rg, tair, precip"))
  }
}
