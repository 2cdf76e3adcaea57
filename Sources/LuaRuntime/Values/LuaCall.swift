import FluxCore
internal import CLua

/// A call from Lua, as the bound Swift function sees it: its arguments and where it stands.
///
/// Valid until the function returns; never to be kept, never to leave the thread.
public struct LuaCall {
  public let stack: LuaStack
  unowned(unsafe) let entry: LuaEntry
  /// How many arguments were given, without the receiver.
  public let count: Int

  public var session: LuaSession { stack.session }
  /// The function's name as the user writes it: `Footprint:convolve`.
  public var place: String { entry.place }

  init(stack: LuaStack, entry: LuaEntry) {
    self.stack = stack
    self.entry = entry
    count = max(0, Int(stack.top - entry.offset))
  }

  /// The stack index of the argument at `position`, counted from 1.
  public func index(_ position: Int) -> Int32 { entry.offset + Int32(position) }

  /// Whether an argument was given and is not nil.
  public func has(_ position: Int) -> Bool { position <= count && lua_type(stack.state, index(position)) > LUA_TNIL }

  /// Lua's name of an argument's type: `number`, `table`, `Tensor`; `nil` when missing.
  public func typeName(_ position: Int) -> String { position > count ? "nil" : stack.typeName(index(position)) }

  /// The argument at `position`, counted from 1. An `Optional` may be missing.
  ///
  /// - Parameter name: as in the signature, for the message.
  /// - Throws: ``FluxError`` that names the function, the argument and both types.
  public func argument<V: LuaReadable>(_ position: Int, _ name: String, as type: V.Type = V.self) throws -> V {
    do throws(LuaMismatch) {
      return try V.read(from: stack, at: index(position))
    } catch {
      throw mismatch(position, name, error)
    }
  }

  /// The argument at `position`, or a default when it is missing or nil.
  public func argument<V: LuaReadable>(_ position: Int, _ name: String, default value: V) throws -> V {
    has(position) ? try argument(position, name) : value
  }

  /// The argument when it is of this kind, otherwise nil: for arguments of several kinds.
  public func argument<V: LuaReadable>(_ position: Int, if type: V.Type) -> V? {
    guard has(position), V.mayRead(from: stack, at: index(position)) else { return nil }
    do throws(LuaMismatch) { return try V.read(from: stack, at: index(position)) } catch { return nil }
  }

  /// All arguments from `position` on.
  public func arguments<V: LuaReadable>(from position: Int, _ name: String) throws -> [V] {
    guard position <= count else { return [] }
    return try (position...count).map { try argument($0, name) }
  }

  /// The table of options at `position`, checked against the names in the signature.
  ///
  /// - Throws: ``FluxError`` on a name that the signature does not have.
  public func options(_ position: Int) throws -> LuaOptions {
    try LuaOptions(self, at: has(position) ? index(position) : nil, position)
  }

  /// The table at `position` as it is: lists of lists, tables with any keys.
  public func table(_ position: Int, _ name: String) throws -> LuaTableView {
    guard lua_type(stack.state, index(position)) == LUA_TTABLE else {
      throw mismatch(position, name, stack.mismatch(index(position), "a table"))
    }
    return LuaTableView(stack: stack, index: index(position))
  }

  /// An error about an argument, for kinds that only the function itself can judge.
  public func mismatch(_ position: Int, _ name: String, expected: String) -> FluxError {
    mismatch(position, name, stack.mismatch(position > count ? stack.top + 1 : index(position), expected))
  }

  private func mismatch(_ position: Int, _ name: String, _ mismatch: LuaMismatch) -> FluxError {
    FluxError(
      "argument \(position) ('\(name)') is \(mismatch.came)", at: place,
      expected: mismatch.expected, remedy: mismatch.remedy)
  }

  /// The object that a method was called on.
  func receiver<T: LuaExposed>(_ type: T.Type) throws -> T {
    if let object = LuaSession.object(T.self, number: entry.owner, at: 1, stack.state) { return object }
    do throws(LuaMismatch) {
      return try stack.session.read(T.self, at: 1, stack.state)
    } catch {
      let method = entry.declaration.name
      throw FluxError(
        "called on \(lua_gettop(stack.state) == 0 ? "nothing" : error.came)", at: place, expected: error.expected,
        remedy: error.remedy ?? "Write object:\(method)(…), with a colon.")
    }
  }

  /// Says that the program has noticed a Ctrl-C and carries on with what it has:
  /// the script runs on, and ends with exit status 130.
  public func answerInterrupt() { session.answerInterrupt() }
}
