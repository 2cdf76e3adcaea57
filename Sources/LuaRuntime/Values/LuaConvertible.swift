import FluxCore

/// A Swift value that can be put on Lua's stack, as exactly one Lua value.
public protocol LuaPushable: SendableMetatype {
  func push(onto stack: LuaStack)
}

/// A Swift value that can be read from a Lua value.
public protocol LuaReadable: SendableMetatype {
  /// What a message calls it: `a Tensor`, `an integer`, `a list of strings`.
  static var luaExpectation: String { get }
  /// Reads the value at an absolute stack index.
  ///
  /// - Throws: ``LuaMismatch`` when the Lua value is of another kind; the caller
  ///   knows which argument or option it was, and makes the message.
  static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> Self
  /// A quick look at the kind of the value, for arguments of several kinds. Default: yes.
  static func mayRead(from stack: LuaStack, at index: Int32) -> Bool
}

extension LuaReadable {
  public static func mayRead(from stack: LuaStack, at index: Int32) -> Bool { true }
}

public typealias LuaConvertible = LuaPushable & LuaReadable

/// A Lua value was of another kind than asked.
public struct LuaMismatch: Error {
  /// What came: `a string`, `2.5`, `missing`.
  public let came: String
  /// What was expected: `a Tensor`.
  public let expected: String
  /// Further help, such as `Did you mean 'mean'?`.
  public let remedy: String?

  public init(came: String, expected: String, remedy: String? = nil) {
    self.came = came
    self.expected = expected
    self.remedy = remedy
  }
}

/// What a function may return to Lua: one value, or several (``LuaResults``).
public protocol LuaReturnable: SendableMetatype {
  /// Pushes the results and says how many they are.
  func pushResults(onto stack: LuaStack) throws -> Int32
}

extension LuaPushable {
  public func pushResults(onto stack: LuaStack) throws -> Int32 {
    push(onto: stack)
    return 1
  }
}

/// Several results: `return LuaResults(values, indices)`.
public struct LuaResults: LuaReturnable {
  public let values: [any LuaPushable]

  public init(_ values: any LuaPushable...) { self.values = values }
  public init(list values: [any LuaPushable]) { self.values = values }

  public func pushResults(onto stack: LuaStack) throws -> Int32 {
    guard stack.reserve(values.count) else {
      throw FluxError("\(values.count) results at once", at: "results", expected: "fewer, or one table of them")
    }
    for value in values { value.push(onto: stack) }
    return Int32(values.count)
  }
}

/// A closed list of words that an argument or option may be: `"mean"`, `"sum"`.
///
/// An enumeration of strings conforms by name alone: `enum Step: String, LuaEnum { case day, month }`.
public protocol LuaEnum: LuaConvertible, LuaReturnable, CaseIterable, RawRepresentable where RawValue == String {}
