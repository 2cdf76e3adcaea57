import FluxOperators
import FluxCore
import FluxData
import FluxModels
import FluxTensor
import LuaRuntime

/// A bridge that is a Lua function: `(model, step) → tensor` on the tape, with `step.year`.
final class ScriptedBridge: RegionalOperator {
  let axes: [OperatorAxis]
  let areas: [Double]
  /// All rows that the function gives, and which of them this bridge has.
  private let rows: [String], chosen: [Int]
  private let function: LuaFunction

  init(_ function: LuaFunction, regions: [String], areas: [Double]) {
    self.function = function
    self.areas = areas
    axes = [OperatorAxis("region", regions), OperatorAxis("month")]
    rows = regions
    chosen = Array(regions.indices)
  }

  private init(_ other: ScriptedBridge, _ places: [Int]) {
    function = other.function
    rows = other.rows
    chosen = places.map { other.chosen[$0] }
    axes = [OperatorAxis("region", places.map { other.regions[$0] }), OperatorAxis("month")]
    areas = places.map { other.areas[$0] }
  }

  var windows: [Window]? { nil }
  var needsOneThread: Bool { true }

  func selecting(_ labels: [String]) throws -> ScriptedBridge {
    ScriptedBridge(self, try LabelChoice.places(of: labels, among: regions))
  }

  func predict(_ model: any SurfaceModel, _ window: Window) throws -> Tensor {
    let step = LuaTable(fields: ["year": window.number])
    let whole = try function.call(AnyModel(model), step, returning: Tensor.self, "the prediction of a scripted bridge")
    guard whole.rank >= 1, whole.shape[0] == rows.count else {
      throw FluxError("the function gave a Tensor of shape \(whole.shape)", at: "bridge.new", expected: "[\(rows.count), …], a row for each region")
    }
    if chosen == Array(rows.indices) { return whole }
    return try Tensor.concatenated(chosen.map { try whole.narrowed(0, from: $0, length: 1) }, 0)
  }
}

/// `bridge.new(f, {regions})`: see ``ScriptedBridge``.
let scriptedBridge = LuaModule.Member.function(
  "new", "(f: function, {regions: Regions|string[]}) -> Bridge",
  "a bridge of your own: f(model, step) gives a tensor on the tape, [region, month] where it is compared with inversions; step.year says which year",
  example: """
    doubled = bridge.new(function(model, step)
      return b:predict(model, step) * 2
    end, { regions = b.regions })
    (doubled:predict(m, { year = 2002 }) / b:predict(m, { year = 2002 })):min():item()  --> 2.0
    """
) { call in
  let function: LuaFunction = try call.argument(1, "f"), options = try call.options(2)
  if let set = options.value("regions", if: RegionSet.self) {
    return BridgeHandle(ScriptedBridge(function, regions: set.codes, areas: set.area))
  }
  let codes: [String] = try options.required("regions")
  guard !codes.isEmpty, Set(codes).count == codes.count else {
    throw FluxError("regions are \(codes.joined(separator: ", "))", at: call.place, expected: "at least one name, each once")
  }
  return BridgeHandle(ScriptedBridge(function, regions: codes, areas: [Double](repeating: 1, count: codes.count)))
}
