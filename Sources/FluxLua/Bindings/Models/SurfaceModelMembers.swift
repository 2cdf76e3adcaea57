import FluxCore
import FluxData
import FluxDrivers
import FluxModels
import FluxTensor
import LuaRuntime

/// What every kind of model can do in a script; a binding adds what its own can.
public func surfaceModelMembers<M: SurfaceModel & LuaExposed>(_: M.Type) -> [LuaMember<M>] {
  [
    .property("inputs", "string[]", "the names of the drivers, in the order of x's columns") { $0.inputs },
    .property("outputs", "string[]", "what it answers: nee, and what else its kind knows") { $0.outputs.map(\.name) },
    .method(
      "parameters", "() -> Tensor[]",
      "the leaves of the tape; of a network weight [input, output] and bias [output] of each layer",
      example: """
        count = 0
        for _, w in ipairs(m:parameters()) do count = count + #w:reshape { -1 } end
        count  --> 1441
        """
    ) { m, _ in Array(m.parameters) },
    .method("mse", "(x: Tensor, observed: Tensor, {weight?: Tensor}) -> Tensor",
      "weighted mean squared error over samples, on the tape: value and gradient in one pass; x [sample, driver], observed and weight [sample]",
      example: """
        error = m:mse(days.x, days.nee)
        error:backward()
        error:item() > 0  --> true
        """
    ) { m, call in
      try m.meanSquaredError(
        of: .nee, Samples(rows: call.argument(1, "x")), call.argument(2, "observed"),
        weight: call.options(3).value("weight"))
    },
    .method(
      "forward",
      "(d: Drivers, {years?: integer[], step: string = \"month\", into?: string, output: string = \"nee\"}) -> Cube",
      "mean output of every land pixel, of NEE gC m-2 d-1; with into, streamed to a CF netCDF file"
    ) { m, call in try ForwardRun.cube([m], call) },
    .method(
      "integral", "(d: Drivers, regions: Regions, {years?: integer[]}) -> Series", "regional totals, PgC month-1"
    ) { m, call in try ForwardRun.series([m], call) },
    .method("save", "(path: string)", "writes weights and what else the model is as netCDF") { m, call in
      try ModelFile.save([m], to: call.argument(1, "path"))
    },
    .method("clone", "() -> Model", "an independent model with equal weights",
      example: """
        twin_of_m = m:clone()
        #twin_of_m:parameters()  --> 6
        """
    ) { m, _ in try m.clone() },
  ]
}
