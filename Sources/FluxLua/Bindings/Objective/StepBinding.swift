import FluxOperators
import FluxCore
import FluxData
import FluxModels
import FluxObjective
import FluxTensor
import LuaRuntime

/// What an `objective.term` function sees.
public final class Step: LuaExposed {
  let step: TrainingStep
  private let view: TermView

  init(_ step: TrainingStep, _ view: TermView) {
    self.step = step
    self.view = view
  }

  public static let luaType = LuaType<Step>("Step", "what a term of the objective sees in one step", members: state + towers + atmosphere)

  private static let state: [LuaMember<Step>] = [
    .property("model", "Model", "the model that is trained") { AnyModel($0.step.model) },
    .property("epoch", "integer", "from 1") { $0.step.epoch },
    .property("fold", "integer", "from 1") { $0.step.fold },
    .property("year", "integer", "of the regional months") { $0.step.year },
    .property("window", "integer", "of the term's own stream: its year, block or other window") { s in
      try s.step.window(ofKind: s.view.kind).number
    },
    .property("years", "integer[]", "the years that this fold trains on; the held-out ones while a validation score is computed") { $0.step.years },
    .property("training", "boolean", "false while a validation score is computed") { $0.step.isTraining },
    .property(
      "predicted", "Tensor", "of the term's own stream or bridge, for example [region, month], or NEE at the towers [sample]"
    ) { s in try s.view.source.map { try s.step.predict($0) } ?? s.step.towerNEE() },
    .property(
      "observed", "Tensor", "of the term's own stream or target [member, region, month], or NEE at the towers [sample]"
    ) { s in try s.view.observed(s.step) ?? s.step.towers().observed },
    .property("spread", "Tensor?", "how uncertain that is: max - min over members, or σ; nil where nobody says") { s in
      try s.view.spread(s.step)
    },
  ]

  /// The batch of tower samples.
  private static let towers: [LuaMember<Step>] = [
    .property("drivers", "Tensor", "of the tower samples, [sample, driver], in their own units") { try $0.step.towers().x },
    .property("weight", "Tensor", "of the tower samples, [sample]") { try $0.step.towers().weight },
    .property("site", "string[]", "the site of each tower sample") { s in try s.step.towers().sites(at: "Step.site").map(\.id) },
    .property("igbp", "string[]", "the land cover class of each tower sample, such as EBF") { s in
      try s.step.towers().sites(at: "Step.igbp").map(\.igbp)
    },
    .property("lat", "Tensor", "latitude of the tower samples [sample], degrees north") { s in
      try Tensor(s.step.towers().sites(at: "Step.lat").map { Float($0.latitude) }, names: ["sample"])
    },
    .property("lon", "Tensor", "longitude of the tower samples [sample], degrees east") { s in
      try Tensor(s.step.towers().sites(at: "Step.lon").map { Float($0.longitude) }, names: ["sample"])
    },
    .property("date", "string[]", "the day of each tower sample, YYYY-MM-DD") { s in try s.step.towers().dates(at: "Step.date").map(\.description) },
    .method(
      "mask", "({igbp?: string|string[], sites?: string|string[], lat?: number[], lon?: number[], months?: integer|integer[]}) -> Tensor",
      "1 for the tower samples for which all conditions hold, 0 for the others, [sample]",
      example: """
        july = objective.term("july", { towers = true }, function(step)
          local mask = step:mask { months = 7, lat = { 0, 90 } }
          return (mask * (step.predicted - step.observed):square()):sum() / mask:sum()
        end)
        run = trainer.single {
          model = m, towers = days, folds = 2, epochs = 1, max_steps = 1, terms = { ec = july },
        }
        run:train().complete  --> true
        """
    ) { s, call in
      let months = (try call.options(1).value("months") as LuaOneOrMany<Int>?)?.values
      return try s.step.towers().mask(towerSelection(call), months: months, at: call.place)
    },
  ]

  /// One year of the atmosphere.
  private static let atmosphere: [LuaMember<Step>] = [
    .property(
      "range", "Tensor?", "max - min over the members of the term's own target, [region, month], PgC month-1"
    ) { s in try s.view.spread(s.step) },
    .property("area", "Tensor?", "land area of the regions of the term's own bridge, [region], m²") { s in
      try (s.view.source as? any RegionalOperator).map { try Tensor($0.areas, names: ["region"]) }
    },
    .method("predict", "(bridge: Bridge|Stream, {year?: integer, window?: integer}) -> Tensor",
      "what a bridge says of this step's year, or of another, [region, month], PgC month-1",
      example: """
        -- within a term: how the totals of this step's year differ from those of 2002
        change = objective.term("change", { bridge = b, target = T }, function(step)
          local other = { year = 2002 }
          local predicted = step:predict(b) - step:predict(b, other)
          local observed = step:target(T) - step:target(T, other)
          return (observed - predicted):square():nanmean()
        end)
        change.name  --> change
        """
    ) { s, call in
      let source = try call.argument(1, if: StreamHandle.self)?.stream.observationOperator
        ?? call.argument(1, "bridge", as: BridgeHandle.self).bridge
      let options = try call.options(2), number: Int? = try options.value("window") ?? options.value("year")
      return try s.step.predict(source, number.map { Window(source.windowKind, $0) })
    },
    .method("target", "(series: Series, {year?: integer}) -> Tensor",
      "this step's year of a series, or another, [member, region, month], NaN where missing; regions as the term's own bridge has them") { s, call in
      let series: Series = try call.argument(1, "series"), year: Int? = try call.options(2).value("year")
      return try s.view.observed(series, year ?? s.step.year)
    },
  ]
}
