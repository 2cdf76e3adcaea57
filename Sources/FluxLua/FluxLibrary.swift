import FluxCore
import FluxTwin
import LuaRuntime

/// Everything that a script sees: **the one list to add a module or type to.**
///
/// The modules' tables become globals and fields of `flux`; a type is named by
/// the module that makes its objects (`types:`).
public enum FluxLibrary {
  /// `flux` stands first: the others become its fields.
  public static let modules: [LuaModule] = [
    fluxModule,
    helpModule,
    jsonModule,
    tensorModule,
    gridModule,
    driversModule,
    cubeModule,
    regionsModule,
    seriesModule,
    inversionsModule,
    towersModule,
    modelModule,
    bridgeModule,
    objectiveModule,
    optimModule,
    trainerModule,
    metricsModule,
    figureModule,
    twinModule,
  ]

  /// The types of all modules, each once.
  public static var types: [AnyLuaType] {
    var seen: Set<ObjectIdentifier> = []
    return modules.flatMap(\.types).filter { seen.insert(ObjectIdentifier($0)).inserted }
  }

  /// A session with all of it.
  public static func session() -> LuaSession {
    SessionInputs.know(mark: TwinArchive.mark)
    let session = LuaSession()
    for module in modules { session.install(module) }
    return session
  }
}
