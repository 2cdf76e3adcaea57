// swift-tools-version: 6.1
import PackageDescription

// The layers of the house, bottom to top. A target imports only what stands
// before it in this list; SwiftPM refuses cycles and the build is run with
// `--explicit-target-dependency-import-check error`.

let package = Package(
  name: "fluxbridge",
  products: [
    .library(name: "FluxCore", targets: ["FluxCore"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
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

    // 1  core and tensors
    .target(name: "FluxCore", dependencies: ["CUDUnits"]),
    .target(name: "FluxTensor", dependencies: ["FluxCore", "COpenBLAS", "CFluxKernels"]),

    // 2  data
    .target(name: "FluxData", dependencies: ["FluxCore", "CNetCDF", "CHDF5", "CDeflate", "CRegionMask"]),

    // 3  drivers and flux models
    .target(name: "FluxDrivers", dependencies: ["FluxCore", "FluxData"]),
    .target(name: "FluxModel", dependencies: ["FluxCore", "FluxTensor", "FluxData", "FluxDrivers", "CFluxKernels"]),

    // 8  Lua, without science
    .target(name: "LuaRuntime", dependencies: ["FluxCore", "CLua", "CLuaShim"]),

    // 9  what a script sees
    .target(name: "FluxLua", dependencies: ["FluxCore", "FluxTensor", "FluxData", "FluxDrivers", "FluxModel", "FluxBridge", "FluxObjective", "FluxTraining", "FluxEvaluation", "FluxFigures", "FluxReport", "FluxTwin", "LuaRuntime"]),

    // 10 the console
    .target(name: "FluxConsole", dependencies: ["FluxCore", "FluxTensor", "FluxData", "FluxTraining", "FluxFigures", "LuaRuntime", "FluxLua", "CReadlineShim"]),

    .target(name: "FluxJupyter", dependencies: ["FluxCore", "CLateLibraries", "LuaRuntime", "FluxLua", "FluxConsole", .product(name: "Crypto", package: "swift-crypto")], exclude: ["Logo/draw.py"], resources: [.embedInCode("Logo/logo-32x32.png"), .embedInCode("Logo/logo-64x64.png"), .embedInCode("Logo/logo-svg.svg")]),

    // 11 the program
    .executableTarget(name: "fluxbridge", dependencies: ["FluxConsole", "FluxJupyter"]),
    // 4  observation operators
    .target(name: "FluxBridge", dependencies: ["FluxCore", "FluxTensor", "FluxData", "FluxDrivers", "FluxModel", "COpenBLAS", "CFluxKernels"]),

    // 5–7  objective, training, evaluation
    .target(name: "FluxObjective", dependencies: ["FluxCore", "FluxTensor", "FluxData", "FluxModel", "FluxBridge"]),
    .target(name: "FluxTraining", dependencies: ["FluxCore", "FluxTensor", "FluxData", "FluxModel", "FluxBridge", "FluxObjective", "CLateLibraries", "COpenBLAS"]),
    .target(name: "FluxEvaluation", dependencies: ["FluxCore", "FluxData", "FluxDrivers", "COpenBLAS"]),
    .target(name: "FluxFigures", dependencies: ["FluxCore", "FluxData", "FluxEvaluation", "CLateLibraries"]),
    .target(name: "FluxReport", dependencies: ["FluxCore", "FluxData", "FluxDrivers", "FluxModel", "FluxBridge", "FluxTraining", "FluxEvaluation", "FluxFigures"]),
    .target(name: "FluxTwin", dependencies: ["FluxCore", "FluxTensor", "FluxData", "FluxDrivers", "FluxModel", "FluxBridge", "FluxObjective", "FluxTraining"]),

    .testTarget(name: "FluxCoreTests", dependencies: ["FluxCore"]),
    .testTarget(name: "FluxTensorTests", dependencies: ["FluxCore", "FluxTensor", "CFluxKernels"]),
    .testTarget(name: "FluxDataTests", dependencies: ["FluxData", "FluxCore"]),
    .testTarget(name: "FluxDriversTests", dependencies: ["FluxCore", "FluxData", "FluxDrivers"]),
    .testTarget(name: "FluxModelTests", dependencies: ["FluxCore", "FluxTensor", "FluxData", "FluxDrivers", "FluxModel", "CNetCDF", "CHDF5", "CRegionMask"]),
    .testTarget(name: "LuaRuntimeTests", dependencies: ["FluxCore", "LuaRuntime"]),
    .testTarget(name: "FluxLuaTests", dependencies: ["FluxCore", "FluxData", "FluxDrivers", "LuaRuntime", "FluxLua"]),
    .testTarget(name: "FluxConsoleTests", dependencies: ["FluxCore", "FluxData", "FluxFigures", "LuaRuntime", "FluxLua", "FluxConsole", "CNetCDF", "CHDF5", "CRegionMask"], exclude: ["objective_values.lua"]),
    .testTarget(name: "FluxJupyterTests", dependencies: ["FluxCore", "LuaRuntime", "FluxLua", "FluxConsole", "FluxJupyter", "CNetCDF", "CHDF5", "CRegionMask"]),
    .testTarget(name: "FluxTwinTests", dependencies: ["FluxCore", "FluxData", "FluxDrivers", "FluxTwin", "CNetCDF", "CHDF5", "CRegionMask"]),
    .testTarget(name: "FluxBridgeTests", dependencies: ["FluxCore", "FluxTensor", "FluxData", "FluxDrivers", "FluxModel", "FluxBridge", "CNetCDF", "CHDF5", "CRegionMask"]),
    .testTarget(name: "FluxObjectiveTests", dependencies: ["FluxCore", "FluxTensor", "FluxData", "FluxDrivers", "FluxModel", "FluxBridge", "FluxObjective", "CNetCDF", "CHDF5", "CRegionMask"]),
    .testTarget(name: "FluxTrainingTests", dependencies: ["FluxCore", "FluxTensor", "FluxData", "FluxDrivers", "FluxModel", "FluxBridge", "FluxObjective", "FluxTraining", "CNetCDF", "CHDF5", "CRegionMask"]),
    .testTarget(name: "FluxFiguresTests", dependencies: ["FluxCore", "FluxData", "FluxEvaluation", "FluxFigures", "CNetCDF", "CHDF5", "CRegionMask"]),
    .testTarget(name: "FluxReportTests", dependencies: ["FluxCore", "FluxFigures", "FluxReport", "CNetCDF", "CHDF5", "CRegionMask"]),
    .testTarget(name: "FluxEvaluationTests", dependencies: ["FluxCore", "FluxData", "FluxDrivers", "FluxEvaluation", "CNetCDF", "CHDF5", "CRegionMask"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu17
)
