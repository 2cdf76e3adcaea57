import Synchronization

/// A Swift function as Lua calls it: pushes its results, says how many.
public typealias LuaBody = @Sendable (LuaCall) throws -> Int32

/// One Swift function behind one Lua function. Its address is the Lua closure's
/// upvalue, so that a call looks nothing up by name.
final class LuaEntry: Sendable {
  /// For messages: `Footprint:convolve`, `tensor.zeros`.
  let place: String
  let declaration: LuaDeclaration
  let body: LuaBody
  /// How many Lua arguments stand before the first declared one: 1 for methods.
  let offset: Int32
  /// The number of the type whose member it is, or -1.
  let owner: Int32
  private let parsed = Mutex<LuaSignature?>(nil)

  init(place: String, declaration: LuaDeclaration, offset: Int32, owner: Int32 = -1, body: @escaping LuaBody) {
    self.place = place
    self.declaration = declaration
    self.offset = offset
    self.owner = owner
    self.body = body
  }

  /// Parsed on first use: a start of the program parses none.
  var signature: LuaSignature {
    parsed.withLock { cached in
      if let cached { return cached }
      let signature = declaration.signature
      cached = signature
      return signature
    }
  }

  var pointer: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }
}
