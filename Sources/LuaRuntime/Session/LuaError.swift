/// An error raised in Lua: the message, where it came from, and the value itself.
public struct LuaError: Error, CustomStringConvertible, Sendable {
  public enum Kind: Sendable {
    /// The text is not Lua; `isIncomplete` when it ends too early.
    case syntax(isIncomplete: Bool)
    case runtime
    /// Lua's own values outgrew their limit.
    case memory
    /// A file cannot be read.
    case other
  }

  public let kind: Kind
  public let message: String
  /// The call stack where it was raised, without our own frames.
  public let traceback: String?
  /// The value that was raised, so that it can be raised again as it was.
  public let value: LuaReference?
  /// The frames at the raise, innermost first, when the session keeps them: a list for ``LuaFrame``.
  public let frames: LuaReference?

  public init(kind: Kind = .runtime, _ message: String, traceback: String? = nil, value: LuaReference? = nil, frames: LuaReference? = nil) {
    self.kind = kind
    self.message = message
    self.traceback = traceback
    self.value = value
    self.frames = frames
  }

  public var description: String { message }

  /// Message and traceback, as the program prints them.
  public var report: String { traceback.map { "\(message)\n\($0)" } ?? message }
}
