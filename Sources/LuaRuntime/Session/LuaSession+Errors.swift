import FluxCore
internal import CLua
internal import CLuaShim

/// Lua calls this for every Swift function; errors become Lua errors after it has returned.
func luaEntryPoint(_ state: OpaquePointer?, _ function: UnsafeMutableRawPointer?) -> Int32 {
  let state = state.unsafelyUnwrapped
  // Both outlive the call: the session owns the interpreter, types own their entries.
  return Unmanaged<LuaSession>.fromOpaque(fx_session(state))._withUnsafeGuaranteedRef { session in
    Unmanaged<LuaEntry>.fromOpaque(function.unsafelyUnwrapped)._withUnsafeGuaranteedRef { entry in
      if session.hasHandedOn { session.handedOn = nil }
      do {
        return try entry.body(LuaCall(stack: LuaStack(state: state, session: session), entry: entry))
      } catch {
        return session.raise(error, on: state)
      }
    }
  }
}

extension LuaSession {
  /// Puts an error on the stack for the shim to raise.
  func raise(_ error: any Error, on state: OpaquePointer) -> Int32 {
    let stack = LuaStack(state: state, session: self)
    stack.reserve(2)
    if error is Interrupted {
      fx_interrupt(state)
      fx_note_interrupt(state)
      "interrupted".push(onto: stack)
    } else if let error = error as? LuaError {
      handedOn = error
      if let value = error.value { value.push(onto: stack) } else { error.message.push(onto: stack) }
    } else {
      var text = "\(error)"
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
        if fx_where(state, buffer.baseAddress, buffer.count) { text += "\n  at \(String(cString: buffer.baseAddress!))" }
      }
      text.push(onto: stack)
    }
    return FX_RAISE
  }

  /// Takes the error value off the stack.
  func takeError(_ stack: LuaStack, _ status: Int32) -> any Error {
    if fx_interrupt_pending(main) {
      stack.pop()
      handedOn = nil
      interruptPlace = String(cString: fx_interrupted_at(main))
      if depth == 0 { clearInterrupt() }
      return Interrupted()
    }
    let index = stack.top
    var value: LuaReference?
    let message: String
    switch lua_type(stack.state, index) {
    case LUA_TSTRING, LUA_TNUMBER:
      message = explained(stack.string(at: index))
    case LUA_TNIL:
      message = "error() was called without a message (the error value is nil)"
    default:
      value = LuaReference(stack, at: index)
      message = objectMessage(stack, index)
    }
    stack.pop()
    fx_push_traceback(stack.state)
    var traceback = lua_type(stack.state, -1) == LUA_TSTRING ? Traceback.cleaned(stack.string(at: stack.top)) : nil
    fx_push_frames(stack.state)
    var frames = lua_type(stack.state, -1) == LUA_TTABLE ? LuaReference(stack, at: stack.top) : nil
    stack.pop(2)
    if let first = handedOn, first.message == message || first.value != nil && value != nil {
      (traceback, frames) = (first.traceback, first.frames)
    }
    handedOn = nil
    if status == LUA_ERRMEM {
      let held = fx_memory_at_failure(main) >> 20, limit = fx_memory_limit(main) >> 20
      return LuaError(
        kind: .memory,
        "not enough memory: Lua's own values held \(held) MiB and asked for more than the \(limit) MiB that they may take\n  Keep large arrays in tensors and cubes, not in Lua tables and strings.",
        traceback: traceback)
    }
    return LuaError(message, traceback: traceback, value: value, frames: frames)
  }

  private func objectMessage(_ stack: LuaStack, _ index: Int32) -> String {
    if lua_type(stack.state, index) == LUA_TTABLE {
      let hasText = luaL_getmetafield(stack.state, index, "__tostring") != LUA_TNIL
      if hasText { stack.pop() } else {
        return "the error value is a table: \(contents(stack, index))\n  Raise a string, or give the table a __tostring metamethod."
      }
    }
    let status = fx_tostring(stack.state, index)
    defer { stack.pop() }
    let text = stack.string(at: stack.top)
    if status != LUA_OK { return "the error value's __tostring failed: \(text)" }
    return lua_type(stack.state, index) == LUA_TTABLE ? text : "the error value is \(stack.describe(index)): \(text)"
  }

  /// The first few fields of a table: `{code = 2, file = "a.nc"}`.
  private func contents(_ stack: LuaStack, _ index: Int32) -> String {
    var shown: [String] = []
    stack.forEachPair(of: index) { key, value in
      guard shown.count < 5 else { return }
      let isName = lua_type(stack.state, key) == LUA_TSTRING
      let name = isName ? stack.string(at: key) : "[\((try? LuaValue.read(from: stack, at: key)).flatMap(\.number).map(LuaStack.text) ?? "…")]"
      let text = switch lua_type(stack.state, value) {
      case LUA_TSTRING: "\"\(stack.string(at: value))\""
      case LUA_TNUMBER: LuaStack.text(lua_tonumberx(stack.state, value, nil))
      case LUA_TBOOLEAN: lua_toboolean(stack.state, value) != 0 ? "true" : "false"
      default: stack.typeName(value)
      }
      shown.append("\(name) = \(text)")
    }
    return "{" + shown.sorted().joined(separator: ", ") + "}"
  }

  /// Adds the nearest name to Lua's message about a global, field or method that is nil.
  private func explained(_ message: String) -> String {
    guard message.contains("a nil value ("), !message.contains("did you mean") else { return message }
    for kind in ["global", "field", "method"] {
      guard let open = message.range(of: "(\(kind) '"), let close = message[open.upperBound...].firstIndex(of: "'") else { continue }
      let name = String(message[open.upperBound..<close])
      let candidates = kind == "global" ? globalNames : globalNames + modules.flatMap { $0.declarations.filter(\.isNamed).map(\.name) }
      return message + NearestName.hint(name, among: candidates.filter { $0 != name })
    }
    return message
  }
}

extension StringProtocol {
  /// The first place of `needle`; the standard library has no search for strings without Foundation.
  fileprivate func range(of needle: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
      start = index(after: start)
    }
    return nil
  }
}
