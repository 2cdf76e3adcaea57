import FluxCore
import FluxData
import FluxDrivers
import FluxModels
import LuaRuntime

extension ForwardRun.Step: LuaEnum {}

/// `forward` and `integral`, of a model and of an ensemble alike.
extension ForwardRun {
  /// Arguments `(d, {years, step, into, output})`.
  static func cube(_ models: [any SurfaceModel], _ call: LuaCall) throws -> Cube {
    let options = try call.options(2), name = try options.value("output", default: "nee")
    let output = try models.first?.output(named: name, at: call.place) ?? .nee
    return try cube(
      models, call.argument(1, "d", as: DriverStore.self), output: output, years: years(options),
      step: options.value("step", default: .month), into: options.value("into"))
  }

  /// Arguments `(d, regions, {years})`.
  static func series(_ models: [any SurfaceModel], _ call: LuaCall) throws -> Series {
    let drivers: DriverStore = try call.argument(1, "d"), regions: RegionSet = try call.argument(2, "regions")
    return try integral(models, drivers, regions, years: years(call.options(3)))
  }

  /// `years = {first, last}`.
  private static func years(_ options: LuaOptions) throws -> [Int]? {
    guard let ends: [Int] = try options.value("years") else { return nil }
    guard ends.count == 2, ends[0] <= ends[1] else {
      throw FluxError("years is {\(ends.map(String.init).joined(separator: ", "))}", at: options.call.place, expected: "{first, last}")
    }
    return Array(ends[0]...ends[1])
  }
}
