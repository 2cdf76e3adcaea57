import FluxCore
import FluxModels
import FluxTensor
import LuaRuntime

extension Activation: LuaEnum {}

extension MultilayerPerceptron: LuaExposed {
  public static let luaType = LuaType<MultilayerPerceptron>(
    "Model", "a network from drivers to NEE, gC m-2 d-1, positive to the atmosphere",
    members: surfaceModelMembers(MultilayerPerceptron.self) + [
      .property("hidden", "integer[]", "widths of the hidden layers") { $0.hidden },
      .property("mean", "number[]", "of each driver over the training towers") { $0.normalisation.mean },
      .property("deviation", "number[]", "standard deviation of each driver over the training towers") {
        $0.normalisation.deviation
      },
      .property("activation", "string", "of the hidden layers: relu, tanh or gelu") { $0.activation.rawValue },
      .call("(x: Tensor, {into?: Tensor}) -> Tensor",
        "NEE of each sample, on the tape; x [sample, driver] in physical units; with into, off the tape and written over that tensor [sample]",
        example: """
          m(days.x).names[1]  --> sample
          nee = tensor.zeros(days.x.shape[1])
          m(days.x, { into = nee })
          """
      ) { m, call in
        let x: Tensor = try call.argument(1, "x")
        guard let result: Tensor = try call.options(2).value("into") else { return try m.predict(x).named(["sample"]) }
        try m.predict(x, into: result)
        return result
      },
      .method("export_onnx", "(path: string)",
        "writes an ONNX file for onnxruntime and others: drivers [sample, driver] in physical units → nee [sample]",
        example: """
          m:export_onnx("flux.onnx")
          """
      ) { m, call in try m.exportOnnx(to: call.argument(1, "path")) },
      .method("save_weights", "(folder: string)", "each tensor of weights as a NumPy file: weight_1.npy [input, output], bias_1.npy [output], …; mean.npy and deviation.npy",
        example: """
          m:save_weights("weights")
          tensor.load("weights/weight_1.npy").shape[2]  --> 32
          """
      ) { m, call in try WeightFiles.save(m, to: call.argument(1, "folder")) },
      .method("load_weights", "(folder: string)", "what save_weights wrote, or NumPy did; the shapes must be the model's",
        example: """
          m:save_weights("weights")
          again = m:clone()
          again:load_weights("weights")
          (again(days.x) - m(days.x)):abs():max():item()  --> 0.0
          """
      ) { m, call in try WeightFiles.load(into: m, from: call.argument(1, "folder")) },
    ])

  public var luaDescription: String {
    "Model \(widths.map(String.init).joined(separator: " → ")), \(weights.count) weights" + (activation == .relu ? "" : ", \(activation.rawValue)")
  }
  public var luaTree: String {
    luaDescription + "\n├── inputs: \(inputs.joined(separator: ", "))\n└── output: nee, gC m-2 d-1"
  }
}

extension Ensemble: LuaExposed {
  public static let luaType = LuaType<Ensemble>(
    "Ensemble", "models trained alike on different folds",
    members: [
      .operator(.length, "(e: Ensemble) -> integer", "how many members") { call in try call.argument(1, "e", as: Ensemble.self).members.count },
      .index("(i: integer) -> Model", "member i") { e, call in
        let i: Int = try call.argument(1, "i")
        guard e.members.indices.contains(i - 1) else { throw FluxError("member \(i)", at: "Ensemble[]", expected: "1 to \(e.members.count)") }
        return AnyModel(e.members[i - 1])
      },
      .property("inputs", "string[]", "the names of the drivers") { $0.inputs },
      .call("(x: Tensor) -> Tensor", "NEE of each sample by each member; x [sample, driver] → [member, sample]") { e, call in
        try e.predict(call.argument(1, "x")).named(["member", "sample"])
      },
      .method("forward", "(d: Drivers, {years?: integer[], step: string = \"month\", into?: string, output: string = \"nee\"}) -> Cube", "mean NEE of every land pixel by each member, gC m-2 d-1; with into, streamed to a CF netCDF file") { e, call in
        try ForwardRun.cube(e.members, call)
      },
      .method("integral", "(d: Drivers, regions: Regions, {years?: integer[]}) -> Series", "regional totals by each member, PgC month-1") { e, call in
        try ForwardRun.series(e.members, call)
      },
      .method("save", "(path: string)", "writes all members as one netCDF file") { e, call in
        try ModelFile.save(e.members, to: call.argument(1, "path"))
      },
    ])

  public var luaDescription: String {
    let first = members.first.map { ($0 as? any LuaExposed)?.luaDescription ?? $0.identity } ?? "no members"
    return "Ensemble of \(members.count): \(first)"
  }
  public var luaTree: String {
    guard !members.isEmpty else { return luaDescription }
    return luaDescription + "\n├── inputs: \(inputs.joined(separator: ", "))\n└── output: nee of each member, gC m-2 d-1"
  }
}

let modelModule = LuaModule("model", "flux models: drivers → NEE", types: [MultilayerPerceptron.luaType, Ensemble.luaType], [
  .function("mlp", "({inputs: integer|string[], hidden: integer[] = {32, 32}, activation: string = \"relu\", seed: integer = 1, dtype: string = \"float32\"}) -> Model",
    "a fully connected network with linear output; activation of the hidden layers: relu, tanh or gelu",
    example: """
      net = model.mlp { inputs = d.names, hidden = { 32, 32 }, seed = 1 }
      #net.inputs, #net:parameters()  --> 10  6
      """
  ) { call in
    let options = try call.options(1)
    let inputs: [String]
    if let count = options.value("inputs", if: Int.self) {
      guard (1...100_000).contains(count) else { throw FluxError("inputs is \(count)", at: call.place, expected: "1 to 100000, or a list of names") }
      inputs = (1...count).map { "x\($0)" }
    } else { inputs = try options.required("inputs") }
    return try MultilayerPerceptron(inputs: inputs, hidden: options.value("hidden", default: [32, 32]), activation: options.value("activation", default: .relu),
      seed: UInt64(bitPattern: Int64(options.value("seed", default: 1))), dtype: options.value("dtype", default: .float32))
  },
  .function("load", "(path: string) -> Model|Ensemble", "what save wrote",
    example: """
      m:save("model.nc")
      again = model.load("model.nc")
      (again(days.x) - m(days.x)):abs():max():item()  --> 0.0
      """
  ) { call in
    let models = try ModelFile.load(call.argument(1, "path"))
    return ModelOrEnsemble(models: models)
  },
])

private struct ModelOrEnsemble: LuaPushable, LuaReturnable {
  let models: [any SurfaceModel]
  func push(onto stack: LuaStack) {
    if models.count == 1 { AnyModel(models[0]).push(onto: stack) } else { Ensemble(models).push(onto: stack) }
  }
}
