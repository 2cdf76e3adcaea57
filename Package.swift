// swift-tools-version: 6.1
import PackageDescription

// The layers of the house, bottom to top. A target imports only what stands
// before it in this list; SwiftPM refuses cycles and the build is run with
// `--explicit-target-dependency-import-check error`. `Sources/README.md` is the map.

/// What a test of a layer that reads files needs beside the layer itself.
let files: [Target.Dependency] = ["CNetCDF", "CHDF5", "CRegionMask"]

let package = Package(
  name: "fluxbridge",
  products: [
    .executable(name: "fluxbridge", targets: ["Program"]),
    .library(
      name: "Fluxbridge",
      targets: [
        "FluxCore", "FluxDocument", "FluxTensor", "FluxData", "FluxObservations", "FluxDrivers", "FluxModels",
        "FluxOperators", "FluxObjective", "FluxTraining", "FluxEvaluation", "FluxFigures", "FluxReport", "FluxTwin",
      ]),
    .library(name: "LuaRuntime", targets: ["LuaRuntime"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2")
  ],
  targets: [
    // 0  system libraries
    .systemLibrary(name: "CLua", pkgConfig: "lua5.4", providers: [.apt(["liblua5.4-dev"])]),
    .systemLibrary(name: "CReadline", providers: [.apt(["libreadline-dev"])]),
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CNetCDF", pkgConfig: "netcdf", providers: [.apt(["libnetcdf-dev"])]),
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5-serial", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
    .systemLibrary(name: "CUDUnits", pkgConfig: "udunits", providers: [.apt(["libudunits2-dev"])]),

    // 0  C
    .target(name: "CLuaShim", dependencies: ["CLua"]),
    .target(name: "CReadlineShim", dependencies: ["CReadline"], linkerSettings: [.linkedLibrary("readline")]),
    .target(name: "CRegionMask", exclude: ["reccap2.nc"]),
    .target(name: "CFluxKernels"),
    .target(name: "CLateLibraries"),

    // 1  core, documents, tensors
    .target(name: "FluxCore", dependencies: ["CUDUnits"]),
    .target(name: "FluxDocument", dependencies: ["FluxCore"]),
    .target(name: "FluxTensor", dependencies: ["FluxCore", "COpenBLAS", "CFluxKernels"]),

    // 2  data, and what was observed
    .target(name: "FluxData", dependencies: ["FluxCore", "CNetCDF", "CHDF5", "CDeflate", "CRegionMask"]),
    .target(name: "FluxObservations", dependencies: ["FluxCore", "FluxDocument", "FluxData"]),

    // 3  drivers and models
    .target(name: "FluxDrivers", dependencies: ["FluxCore", "FluxDocument", "FluxData", "FluxObservations"]),
    .target(
      name: "FluxModels",
      dependencies: ["FluxCore", "FluxTensor", "FluxData", "FluxObservations", "FluxDrivers", "CFluxKernels"]),

    // 4  observation operators
    .target(
      name: "FluxOperators",
      dependencies: [
        "FluxCore", "FluxDocument", "FluxTensor", "FluxData", "FluxDrivers", "FluxModels", "COpenBLAS",
        "CFluxKernels",
      ]),

    // 5  the objective
    .target(
      name: "FluxObjective",
      dependencies: ["FluxCore", "FluxTensor", "FluxData", "FluxObservations", "FluxModels", "FluxOperators"]),

    // 6  training
    .target(
      name: "FluxTraining",
      dependencies: [
        "FluxCore", "FluxDocument", "FluxTensor", "FluxData", "FluxObservations", "FluxModels", "FluxOperators",
        "FluxObjective", "CLateLibraries", "COpenBLAS",
      ]),

    // 7  evaluation, figures, the page, the synthetic Earth
    .target(
      name: "FluxEvaluation",
      dependencies: ["FluxCore", "FluxDocument", "FluxData", "FluxObservations", "COpenBLAS"]),
    .target(
      name: "FluxFigures",
      dependencies: [
        "FluxCore", "FluxDocument", "FluxData", "FluxObservations", "FluxEvaluation", "CLateLibraries",
      ]),
    .target(
      name: "FluxReport",
      dependencies: [
        "FluxCore", "FluxDocument", "FluxData", "FluxObservations", "FluxDrivers", "FluxModels", "FluxOperators",
        "FluxTraining", "FluxEvaluation", "FluxFigures",
      ]),
    .target(
      name: "FluxTwin",
      dependencies: [
        "FluxCore", "FluxTensor", "FluxData", "FluxObservations", "FluxDrivers", "FluxModels", "FluxOperators",
        "FluxObjective", "FluxTraining",
      ]),

    // 8  Lua, without science
    .target(name: "LuaRuntime", dependencies: ["FluxCore", "FluxDocument", "CLua", "CLuaShim"]),

    // 9  what a script sees
    .target(
      name: "FluxLua",
      dependencies: [
        "FluxCore", "FluxDocument", "FluxTensor", "FluxData", "FluxObservations", "FluxDrivers", "FluxModels",
        "FluxOperators", "FluxObjective", "FluxTraining", "FluxEvaluation", "FluxFigures", "FluxReport", "FluxTwin",
        "LuaRuntime",
      ]),

    // 10  the console and the kernel
    .target(
      name: "FluxConsole",
      dependencies: [
        "FluxCore", "FluxDocument", "FluxTensor", "FluxData", "FluxTraining", "FluxFigures", "LuaRuntime",
        "FluxLua", "CReadlineShim",
      ]),
    .target(
      name: "FluxJupyter",
      dependencies: [
        "FluxCore", "FluxDocument", "CLateLibraries", "LuaRuntime", "FluxLua", "FluxConsole",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      exclude: ["Logo/draw.py"],
      resources: [
        .embedInCode("Logo/logo-32x32.png"), .embedInCode("Logo/logo-64x64.png"),
        .embedInCode("Logo/logo-svg.svg"),
      ]),

    // 11  the program
    .executableTarget(name: "Program", dependencies: ["FluxConsole", "FluxJupyter"]),

    // The tests, in the same order, and what they share.
    .target(name: "TestSupport", dependencies: ["FluxCore", "LuaRuntime"], path: "Tests/TestSupport"),
    .testTarget(name: "FluxCoreTests", dependencies: ["FluxCore", "TestSupport"]),
    .testTarget(name: "FluxDocumentTests", dependencies: ["FluxCore", "FluxDocument", "TestSupport"]),
    .testTarget(name: "FluxTensorTests", dependencies: ["FluxCore", "FluxTensor", "CFluxKernels", "TestSupport"]),
    .testTarget(name: "FluxDataTests", dependencies: ["FluxCore", "FluxData", "TestSupport"]),
    .testTarget(
      name: "FluxObservationsTests", dependencies: ["FluxCore", "FluxData", "FluxObservations", "TestSupport"]),
    .testTarget(
      name: "FluxDriversTests", dependencies: ["FluxCore", "FluxData", "FluxObservations", "FluxDrivers", "TestSupport"] + files),
    .testTarget(
      name: "FluxModelsTests",
      dependencies: ["FluxCore", "FluxTensor", "FluxData", "FluxDrivers", "FluxModels", "TestSupport"] + files),
    .testTarget(
      name: "FluxOperatorsTests",
      dependencies: ["FluxCore", "FluxTensor", "FluxData", "FluxDrivers", "FluxModels", "FluxOperators", "TestSupport"] + files),
    .testTarget(
      name: "FluxObjectiveTests",
      dependencies: [
        "FluxCore", "FluxTensor", "FluxData", "FluxObservations", "FluxDrivers", "FluxModels", "FluxOperators",
        "FluxObjective", "TestSupport",
      ] + files),
    .testTarget(
      name: "FluxTrainingTests",
      dependencies: [
        "FluxCore", "FluxDocument", "FluxTensor", "FluxData", "FluxObservations", "FluxDrivers", "FluxModels",
        "FluxOperators", "FluxObjective", "FluxTraining", "TestSupport",
      ] + files),
    .testTarget(
      name: "FluxEvaluationTests",
      dependencies: ["FluxCore", "FluxDocument", "FluxData", "FluxObservations", "FluxEvaluation", "TestSupport"] + files),
    .testTarget(
      name: "FluxFiguresTests",
      dependencies: ["FluxCore", "FluxData", "FluxObservations", "FluxEvaluation", "FluxFigures", "TestSupport"] + files),
    .testTarget(
      name: "FluxReportTests", dependencies: ["FluxCore", "FluxDocument", "FluxFigures", "FluxReport"] + files),
    .testTarget(
      name: "FluxTwinTests",
      dependencies: ["FluxCore", "FluxData", "FluxObservations", "FluxDrivers", "FluxTwin", "TestSupport"] + files),
    .testTarget(name: "LuaRuntimeTests", dependencies: ["FluxCore", "LuaRuntime", "TestSupport"]),
    .testTarget(
      name: "FluxLuaTests",
      dependencies: [
        "FluxCore", "FluxTensor", "FluxData", "FluxObservations", "FluxDrivers", "LuaRuntime", "FluxLua", "TestSupport",
      ]),
    .testTarget(
      name: "ConformerTests",
      dependencies: [
        "FluxCore", "FluxTensor", "FluxData", "FluxObservations", "FluxDrivers", "FluxModels", "FluxOperators",
        "FluxObjective", "FluxTraining", "LuaRuntime", "FluxLua", "TestSupport",
      ] + files),
    .testTarget(
      name: "FluxConsoleTests",
      dependencies: [
        "FluxCore", "FluxDocument", "FluxData", "FluxFigures", "LuaRuntime", "FluxLua", "FluxConsole", "TestSupport",
      ] + files,
      exclude: ["objective_values.lua"]),
    .testTarget(
      name: "FluxJupyterTests",
      dependencies: ["FluxCore", "FluxDocument", "LuaRuntime", "FluxLua", "FluxConsole", "FluxJupyter", "TestSupport"] + files),

    // What the repository promises of itself.
    .testTarget(name: "HouseTests", dependencies: ["TestSupport"], exclude: ["ratchets.txt"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu17
)
