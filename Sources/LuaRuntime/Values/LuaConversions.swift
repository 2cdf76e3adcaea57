import FluxCore
internal import CLua
internal import CLuaShim

extension Bool: LuaConvertible, LuaReturnable {
  public static func mayRead(from stack: LuaStack, at index: Int32) -> Bool {
    lua_type(stack.state, index) == LUA_TBOOLEAN
  }
  public static var luaExpectation: String { "true or false" }
  public func push(onto stack: LuaStack) { lua_pushboolean(stack.state, self ? 1 : 0) }
  public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> Bool {
    guard lua_type(stack.state, index) == LUA_TBOOLEAN else { throw stack.mismatch(index, luaExpectation) }
    return lua_toboolean(stack.state, index) != 0
  }
}

extension Int: LuaConvertible, LuaReturnable {
  public static func mayRead(from stack: LuaStack, at index: Int32) -> Bool {
    lua_type(stack.state, index) == LUA_TNUMBER
  }
  public static var luaExpectation: String { "an integer" }
  public func push(onto stack: LuaStack) { lua_pushinteger(stack.state, lua_Integer(self)) }
  public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> Int {
    guard lua_type(stack.state, index) == LUA_TNUMBER else { throw stack.mismatch(index, luaExpectation) }
    var exact: Int32 = 0
    let value = lua_tointegerx(stack.state, index, &exact)
    guard exact != 0 else {
      throw LuaMismatch(came: LuaStack.text(lua_tonumberx(stack.state, index, nil)), expected: luaExpectation)
    }
    return Int(value)
  }
}

extension Double: LuaConvertible, LuaReturnable {
  public static func mayRead(from stack: LuaStack, at index: Int32) -> Bool {
    lua_type(stack.state, index) == LUA_TNUMBER
  }
  public static var luaExpectation: String { "a number" }
  public func push(onto stack: LuaStack) { lua_pushnumber(stack.state, self) }
  public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> Double {
    guard lua_type(stack.state, index) == LUA_TNUMBER else { throw stack.mismatch(index, luaExpectation) }
    return lua_tonumberx(stack.state, index, nil)
  }
}

extension Float: LuaConvertible, LuaReturnable {
  public static func mayRead(from stack: LuaStack, at index: Int32) -> Bool {
    lua_type(stack.state, index) == LUA_TNUMBER
  }
  public static var luaExpectation: String { "a number" }
  public func push(onto stack: LuaStack) { lua_pushnumber(stack.state, Double(self)) }
  public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> Float {
    Float(try Double.read(from: stack, at: index))
  }
}

extension String: LuaConvertible, LuaReturnable {
  public static func mayRead(from stack: LuaStack, at index: Int32) -> Bool {
    lua_type(stack.state, index) == LUA_TSTRING
  }
  public static var luaExpectation: String { "a string" }
  public func push(onto stack: LuaStack) {
    var copy = self
    copy.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { _ = lua_pushlstring(stack.state, $0.baseAddress, $0.count) }
    }
  }
  public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> String {
    guard lua_type(stack.state, index) == LUA_TSTRING else { throw stack.mismatch(index, luaExpectation) }
    return stack.string(at: index)
  }
}

extension Optional: LuaPushable where Wrapped: LuaPushable {
  public func push(onto stack: LuaStack) {
    if let self { self.push(onto: stack) } else { lua_pushnil(stack.state) }
  }
}

extension Optional: LuaReturnable where Wrapped: LuaPushable {}

extension Optional: LuaReadable where Wrapped: LuaReadable {
  public static var luaExpectation: String { Wrapped.luaExpectation + " or nil" }
  public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> Wrapped? {
    lua_type(stack.state, index) <= LUA_TNIL ? nil : try Wrapped.read(from: stack, at: index)
  }
}

extension Array: LuaPushable where Element: LuaPushable {
  public func push(onto stack: LuaStack) {
    stack.reserve(2)
    lua_createtable(stack.state, Int32(clamping: count), 0)
    for (i, element) in enumerated() {
      element.push(onto: stack)
      lua_rawseti(stack.state, -2, lua_Integer(i + 1))
    }
  }
}

extension Array: LuaReturnable where Element: LuaPushable {}

extension Array: LuaReadable where Element: LuaReadable {
  public static func mayRead(from stack: LuaStack, at index: Int32) -> Bool {
    lua_type(stack.state, index) == LUA_TTABLE
  }
  public static var luaExpectation: String {
    var word = Element.luaExpectation
    for article in ["a ", "an "] where word.hasPrefix(article) { word.removeFirst(article.count) }
    return "a list, each item \(word)"
  }
  public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> [Element] {
    guard lua_type(stack.state, index) == LUA_TTABLE else { throw stack.mismatch(index, luaExpectation) }
    let count = Int(fx_list_length(stack.state, index))
    if Element.self == Double.self {
      var numbers = [Double](repeating: 0, count: count)
      let read = numbers.withUnsafeMutableBufferPointer {
        Int(fx_read_numbers(stack.state, index, $0.baseAddress, Int64(count)))
      }
      if read == count { return numbers as! [Element] }
    }
    stack.reserve(2)
    var elements: [Element] = []
    elements.reserveCapacity(count)
    for i in 0..<count {
      lua_rawgeti(stack.state, index, lua_Integer(i + 1))
      defer { fx_pop(stack.state, 1) }
      do throws(LuaMismatch) {
        elements.append(try Element.read(from: stack, at: lua_gettop(stack.state)))
      } catch {
        throw LuaMismatch(came: "a list whose item \(i + 1) is \(error.came)", expected: luaExpectation, remedy: error.remedy)
      }
    }
    return elements
  }
}

extension Dictionary: LuaPushable where Key == String, Value: LuaPushable {
  public func push(onto stack: LuaStack) {
    stack.reserve(3)
    lua_createtable(stack.state, 0, Int32(clamping: count))
    for (key, value) in self {
      key.push(onto: stack)
      value.push(onto: stack)
      lua_rawset(stack.state, -3)
    }
  }
}

extension Dictionary: LuaReturnable where Key == String, Value: LuaPushable {}

extension Dictionary: LuaReadable where Key == String, Value: LuaReadable {
  public static func mayRead(from stack: LuaStack, at index: Int32) -> Bool {
    lua_type(stack.state, index) == LUA_TTABLE
  }
  public static var luaExpectation: String { "a table of names, each with \(Value.luaExpectation)" }
  public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> [String: Value] {
    guard lua_type(stack.state, index) == LUA_TTABLE else { throw stack.mismatch(index, luaExpectation) }
    var result: [String: Value] = [:]
    try stack.forEachPair(of: index) { key, value throws(LuaMismatch) in
      guard lua_type(stack.state, key) == LUA_TSTRING else {
        throw LuaMismatch(came: "a table with a key that is \(stack.describe(key))", expected: luaExpectation)
      }
      let name = stack.string(at: key)
      do throws(LuaMismatch) {
        result[name] = try Value.read(from: stack, at: value)
      } catch {
        throw LuaMismatch(came: "a table whose '\(name)' is \(error.came)", expected: luaExpectation, remedy: error.remedy)
      }
    }
    return result
  }
}

extension LuaEnum {
  public static func mayRead(from stack: LuaStack, at index: Int32) -> Bool {
    lua_type(stack.state, index) == LUA_TSTRING
  }
  public static var luaExpectation: String {
    "one of " + allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
  }
  public func push(onto stack: LuaStack) { rawValue.push(onto: stack) }
  public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> Self {
    guard lua_type(stack.state, index) == LUA_TSTRING else { throw stack.mismatch(index, luaExpectation) }
    let word = stack.string(at: index)
    guard let value = Self(rawValue: word) else {
      let near = NearestName.of(word, among: allCases.map(\.rawValue))
      throw LuaMismatch(came: "'\(word)'", expected: luaExpectation, remedy: near.map { "Did you mean '\($0)'?" })
    }
    return value
  }
}

/// One value, or a list of them: `region = "BRA"` and `region = {"BRA", "EU"}`.
public struct LuaOneOrMany<Element: LuaReadable>: LuaReadable {
  public let values: [Element]
  public static var luaExpectation: String { "\(Element.luaExpectation), or a list of such" }
  public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> LuaOneOrMany {
    if lua_type(stack.state, index) == LUA_TTABLE {
      return LuaOneOrMany(values: try [Element].read(from: stack, at: index))
    }
    do throws(LuaMismatch) {
      return LuaOneOrMany(values: [try Element.read(from: stack, at: index)])
    } catch {
      throw LuaMismatch(came: error.came, expected: luaExpectation, remedy: error.remedy)
    }
  }
}
