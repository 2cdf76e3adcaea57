import FluxCore
internal import CLua
internal import CLuaShim

/// A Lua function that Swift calls: a loss term, a callback.
public struct LuaFunction: LuaConvertible, LuaReturnable, Sendable {
  public let reference: LuaReference

  /// The session that it belongs to, while that lives.
  public var session: LuaSession? { reference.owner }

  public static var luaExpectation: String { "a function" }

  public static func mayRead(from stack: LuaStack, at index: Int32) -> Bool {
    lua_type(stack.state, index) == LUA_TFUNCTION
  }

  public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> LuaFunction {
    guard lua_type(stack.state, index) == LUA_TFUNCTION else { throw stack.mismatch(index, luaExpectation) }
    return LuaFunction(reference: LuaReference(stack, at: index))
  }

  public func push(onto stack: LuaStack) { reference.push(onto: stack) }

  /// Calls it and gives all its results.
  ///
  /// - Throws: ``LuaError`` with the script's message and traceback; ``Interrupted``.
  @discardableResult
  public func call(_ arguments: any LuaPushable...) throws -> [LuaValue] {
    try call(list: arguments)
  }

  /// Calls it with a list of arguments.
  @discardableResult
  public func call(list arguments: [any LuaPushable]) throws -> [LuaValue] {
    try invoke(arguments) { stack, first in
      guard stack.top >= first else { return [] }
      return try (first...stack.top).map { index in try LuaValue.read(from: stack, at: index) }
    }
  }

  /// Calls it and gives its first result as `R`.
  ///
  /// - Parameter what: what the result is, for the message: `the value of term 'huber'`.
  /// - Throws: ``FluxError`` also when the result is of another kind.
  public func call<R: LuaReadable>(_ arguments: any LuaPushable..., returning: R.Type, _ what: String = "the function's result") throws -> R {
    try invoke(arguments) { stack, first in
      do throws(LuaMismatch) {
        return try R.read(from: stack, at: first)
      } catch {
        let came = error.came == "missing" ? "nothing (is a 'return' missing?)" : error.came
        throw FluxError("\(what) is \(came)", at: "callback", expected: error.expected, remedy: error.remedy)
      }
    }
  }

  private func invoke<R>(_ arguments: [any LuaPushable], _ take: (LuaStack, Int32) throws -> R) throws -> R {
    guard let session = reference.owner else {
      throw FluxError("its interpreter was closed", at: "callback")
    }
    let stack = session.stack
    let base = stack.top
    guard stack.reserve(arguments.count + 1) else {
      throw FluxError("\(arguments.count) arguments at once", at: "callback", expected: "fewer, or one table of them")
    }
    reference.push(onto: stack)
    for argument in arguments { argument.push(onto: stack) }
    defer { lua_settop(stack.state, base) }
    try session.invoke(stack, argumentCount: arguments.count)
    return try take(stack, base + 1)
  }
}
