import FluxModels
import LuaRuntime

/// A model as scripts hold it, of whatever kind: every exposed object that is a ``SurfaceModel`` may stand here.
public struct AnyModel: LuaReadable, LuaPushable, LuaReturnable {
  public let model: any SurfaceModel

  public init(_ model: any SurfaceModel) { self.model = model }

  public static var luaExpectation: String { "a Model" }

  public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> AnyModel {
    guard let model = stack.exposed(at: index) as? any SurfaceModel else {
      throw stack.mismatch(index, luaExpectation)
    }
    return AnyModel(model)
  }

  public static func mayRead(from stack: LuaStack, at index: Int32) -> Bool {
    stack.exposed(at: index) is any SurfaceModel
  }

  /// As its own Lua type; nil for a model that no binding shows to scripts.
  public func push(onto stack: LuaStack) {
    if let shown = model as? any LuaExposed { shown.push(onto: stack) } else { Bool?.none.push(onto: stack) }
  }
}
