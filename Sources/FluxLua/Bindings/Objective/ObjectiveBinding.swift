import FluxOperators
import FluxCore
import FluxData
import FluxModels
import FluxObjective
import FluxTensor
import LuaRuntime

extension RegionalTerm.Normalisation: LuaEnum {}

/// A term of an objective as scripts hold it, whatever makes it.
public final class Term: LuaExposed {
  let name: String
  let term: any ObjectiveTerm
  private let summary: String

  init(_ name: String, _ term: any ObjectiveTerm, _ summary: String) {
    self.name = name
    self.term = term
    self.summary = summary
  }

  public static let luaType = LuaType<Term>("Term", "one term of an objective", members: [
    .property("name", "string", "what it is called") { $0.name },
    .property("range", "{smallest: number, largest: number}?", "of a regional term, minimum and maximum of 1 + range (Eq. 7)") { t in
      try (t.term as? any RangeNormalised).map { term in
        let range = try term.onePlusRange()
        return LuaTable(fields: ["smallest": range.smallest, "largest": range.largest])
      }
    },
    .call("(step: Step) -> Tensor", "its value in a step, on the tape, for terms made of terms",
      example: """
        ec, atm = objective.mse(), objective.regional { bridge = b, target = T }
        both = objective.term("both", { target = T }, function(step) return ec(step) + 10 * atm(step) end)
        """
    ) { t, call in try t.term.evaluate(call.argument(1, "step", as: Step.self).step) },
  ])
  public var luaDescription: String { "Term \(name): \(summary)" }
}

/// A weighting of terms as scripts hold it.
public final class WeightingChoice: LuaExposed {
  let weighting: any Weighting
  public let luaDescription: String
  init(_ weighting: any Weighting, _ text: String) {
    self.weighting = weighting
    luaDescription = text
  }
  public static let luaType = LuaType<WeightingChoice>("Weighting", "how the terms of an objective become one number", members: [])
}

/// A bridge and a norm, as scripts hold them.
public struct NormChoice: LuaExposed {
  let norm: MemberNorm
  public static let luaType = LuaType<NormChoice>("Norm", "the norm over inversion members (Eq. 6)", members: [
    .call("(observed: Tensor, predicted: Tensor) -> Tensor", "(mean over members |A - m|ᵖ)^(1/p); [member, …], […] → […]",
      example: """
        norm = objective.norm(2)
        string.format("%.3f", norm(tensor { { 1 }, { 3 } }, tensor { 2 }):item())  --> 1.000
        """
    ) { n, call in
      try n.norm(call.argument(1, "observed"), call.argument(2, "predicted"))
    }
  ])
  public var luaDescription: String { "Norm p = \(norm.p)\(norm.isSigned ? ", signed" : "")" }
}

let objectiveModule = LuaModule("objective", "terms of the objective and their weighting (Eqs. 3–11)",
  types: [Term.luaType, WeightingChoice.luaType, NormChoice.luaType, Step.luaType, StreamHandle.luaType], [
  .function("mse", "({weight: string = \"day\"}) -> Term", "mean squared error at the towers (Eq. 4); 'site' counts sites equally",
    example: """
      objective.mse { weight = "site" }.name  --> mse
      """
  ) { call in
    let weight = try call.options(1).value("weight", default: "day")
    guard ["day", "site"].contains(weight) else { throw FluxError("weight is '\(weight)'", at: call.place, expected: "'day' or 'site'") }
    return Term("mse", MeanSquaredError(bySite: weight == "site"), "mean squared error at the towers, by \(weight), (gC m-2 d-1)²")
  },
  .function("norm", "(p: number = 3, {signed: boolean = false}) -> Norm", "the norm over inversion members (Eq. 6); signed as printed",
    example: """
      objective.norm(3)
      objective.norm(3, { signed = true })  -- Eq. 6 as printed: blind to symmetric scatter
      """
  ) { call in
    NormChoice(norm: MemberNorm(p: try call.argument(1, "p", default: 3), isSigned: try call.options(2).value("signed", default: false)))
  },
  .function("regional", """
    ({bridge: Bridge, target: Series, norm: number|Norm = 3, regions?: string[], range_unit: string = "PgC month-1", \
    normalise: string = "one_plus_range", extensive: boolean = true}) -> Term
    """, "predicted regional months against inversions (Eqs. 5–8), PgC month-1",
    example: """
      term = objective.regional { bridge = b, target = T }
      term.range.smallest >= 1  --> true
      objective.regional { bridge = b, target = T, regions = { "BRA" }, normalise = "range" }
      """
  ) { call in
    let options = try call.options(1)
    var bridge = try options.required("bridge", as: BridgeHandle.self).regional(call.place)
    if let regions: [String] = try options.value("regions") { bridge = try bridge.selecting(regions) }
    let norm = if let p = options.value("norm", if: Double.self) { MemberNorm(p: p) } else {
      try options.value("norm", as: NormChoice.self)?.norm ?? MemberNorm()
    }
    let target: Series = try options.required("target")
    let unit = try Unit("PgC month-1")
    let term = try RegionalTerm(bridge: bridge, target: target.converted(to: unit), norm: norm,
      normalisation: options.value("normalise", default: .onePlusRange),
      rangeFactor: unit.factor(to: Unit(options.value("range_unit", default: "PgC month-1"), at: call.place), at: call.place),
      isExtensive: options.value("extensive", default: true))
    return Term("regional", term, "\(bridge.regions.count) regions against \(target.memberCount) inversions, norm p = \(norm.p), PgC month-1")
  },
  .function("term",
    "(name: string, {bridge?: Bridge, target?: Series, towers: boolean = false, stream?: Stream}?, f?: function) -> Term",
    "a term of any function(step) that returns a scalar tensor; towers = true for one that looks at towers only and so needs no years; stream in place of bridge and target",
    example: """
      huber = objective.term("huber", { bridge = b, target = T }, function(step)
        local misfit = (step.observed - step.predicted):abs()
        local near = misfit:clamp(0, 0.05)
        return (near * (misfit - 0.5 * near)):nanmean()
      end)
      run = trainer.single {
        model = m, towers = days, drivers = d, folds = 2, epochs = 1, max_steps = 1, holdout_years = 1,
        terms = { ec = objective.mse(), atm = huber },
      }
      run:train().complete  --> true
      """
  ) { call in
    let name: String = try call.argument(1, "name")
    let hasOptions = call.typeName(2) == "table"
    let f: LuaFunction = try call.argument(hasOptions ? 3 : 2, "f")
    let options = hasOptions ? try call.options(2) : nil
    let bridge = try options?.value("bridge", as: BridgeHandle.self)?.bridge
    let target: Series? = try options?.value("target")
    if let options, let stream = try options.value("stream", as: StreamHandle.self)?.stream {
      guard bridge == nil, target == nil, try !options.value("towers", default: false) else {
        throw options.mismatch("stream", "given beside bridge, target or towers", expected: "it alone: it has all of them")
      }
      return Term(name, ScriptedTerm(name, f, stream: stream), "scripted, over \(stream.name)")
    }
    return Term(name, try ScriptedTerm(name, f, bridge, target, towersOnly: options?.value("towers") ?? false), "scripted")
  },
  .function("kendall", "({start: string|number = \"loss\", lr: number|string = 0.01, power?: table}) -> Weighting",
    "learned weights by task uncertainty (Eqs. 9–11)",
    example: """
      objective.kendall()
      objective.kendall { start = 0, lr = "model" }  -- as the paper has it
      objective.kendall { power = { atm = 1 } }
      """
  ) { call in
    let options = try call.options(1)
    let start: KendallWeighting.Start
    if let s = options.value("start", if: Double.self) { start = .value(s) } else {
      guard try options.value("start", default: "loss") == "loss" else { throw options.mismatch("start", "another word", expected: "'loss' or a number") }
      start = .loss
    }
    let weighting = KendallWeighting(start: start, learningRate: try learningRate(options), power: try options.value("power", default: [:]))
    return WeightingChoice(weighting, "Weighting kendall: s = log σ² learned per term")
  },
  .function("fixed", "(factors: table) -> Weighting", "constant factors by name of the term",
    example: "objective.fixed { ec = 1, atm = 0.5 }"
  ) { call in
    let factors: [String: Double] = try call.argument(1, "factors")
    return WeightingChoice(FixedWeighting(factors), "Weighting fixed: " + factors.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", "))
  },
] + scriptedWeightings)
