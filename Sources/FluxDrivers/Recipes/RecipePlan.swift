/// What a recipe asks of a build: which variables are read, which cycles gathered, and what has to be kept for later.
struct RecipePlan {
  let recipe: DriverRecipe
  /// The base variables that are read, those of the water balance too.
  let variables: Set<String>
  /// Whether a driver is made of the water index.
  let hasWater: Bool
  /// The insides of `msc` without the water index, each once; fAPAR among them for the water balance.
  let dryCycles: [DriverFormula]
  /// The insides of `msc` with the water index: gathered when the balance is done.
  let wetCycles: [DriverFormula]

  /// What the water balance is computed of.
  static let forcing = ["rg", "tair", "precip"]
  /// The records that it writes over.
  static let usedUp = ["rg", "precip"]
  static let fapar = DriverFormula.variable("fapar")

  init(_ recipe: DriverRecipe) {
    self.recipe = recipe
    var variables = recipe.formulas.reduce(into: Set<String>()) { $0.formUnion($1.names) }
    hasWater = variables.remove(DriverFormula.waterIndex) != nil
    var cycles = recipe.formulas.flatMap(\.cycles)
    if hasWater {
      variables.formUnion(Self.forcing + ["fapar", DriverFormula.potentialRadiation])
      cycles.append(Self.fapar)
    }
    self.variables = variables
    var seen: Set<DriverFormula> = []
    cycles = cycles.filter { seen.insert($0).inserted }
    dryCycles = cycles.filter { !$0.names.contains(DriverFormula.waterIndex) }
    wetCycles = cycles.filter { $0.names.contains(DriverFormula.waterIndex) }
  }

  var composites: [String] { BaseVariable.compositeNames.filter(variables.contains) }
  var daily: [String] { BaseVariable.dailyNames.filter(variables.contains) }
  var usesPotential: Bool { variables.contains(DriverFormula.potentialRadiation) }

  /// Whether the driver is computed before the water balance writes over the records of radiation and rain.
  func isEarly(_ formula: DriverFormula) -> Bool {
    hasWater && !formula.names.contains(DriverFormula.waterIndex) && !formula.outerNames.isDisjoint(with: Self.usedUp)
  }

  /// Whether a record is still read after the water balance, which then works on a copy.
  func isKept(_ name: String) -> Bool {
    let later = recipe.formulas.filter { $0.names.contains(DriverFormula.waterIndex) }
    return later.contains { $0.outerNames.contains(name) } || wetCycles.contains { $0.names.contains(name) }
  }
}
