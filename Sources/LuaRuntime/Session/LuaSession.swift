import FluxCore
import FluxDocument
import Glibc
internal import CLua
internal import CLuaShim

/// A Lua interpreter. One thread owns it; workers never touch it.
///
/// ```swift
/// let lua = LuaSession()
/// lua.set("n", 3)
/// try lua.run("return n + 1")   // [.integer(4)]
/// ```
public final class LuaSession {
  let main: OpaquePointer
  /// Of each ``LuaType`` number: its metatable's registry key; 0 until an object is made.
  var metatableKeys: [Int32] = []
  var typesByMetatable: [UnsafeRawPointer: AnyLuaType] = [:]
  public internal(set) var modules: [LuaModule] = []
  var moduleTables: [UnsafeRawPointer: LuaModule] = [:]
  var libraryKey: Int32?
  var warnedGlobals: Set<String> = []
  /// How many protected calls are open: the outermost answers interrupts.
  var depth = 0
  /// The error that a Swift function handed on into Lua, with its first
  /// traceback; forgotten when Lua calls Swift again, for then it was caught.
  var handedOn: LuaError? { didSet { hasHandedOn = handedOn != nil } }
  private(set) var hasHandedOn = false
  /// Whether a Ctrl-C was answered by carrying on: the program then ends with 130.
  public internal(set) var wasInterrupted = false
  /// Reading a global that is not set is an error (`--strict`).
  public internal(set) var isStrict = false
  /// The script that the session was started for, as its path was given; nil in a console.
  public var scriptPath: String?
  /// The files that `dofile`, `require` and `loadfile` have loaded, in order, each once; paths as Lua opened them.
  public var loadedFiles: [String] {
    var files: [String] = []
    while let path = fx_loaded_file(main, Int32(files.count + 1)) { files.append(String(cString: path)) }
    return files
  }
  /// The line of Lua that the last interrupt met; empty when it met none.
  public internal(set) var interruptPlace = ""
  /// Where warnings go. Default: standard error.
  public var warn: (String) -> Void = { text in StandardStream.error.write("fluxbridge: \(text)\n") }
  /// What brings a hidden global of the library back; the console has a command for it.
  public var restoreAdvice: (String) -> String = { "\($0) = nil" }
  /// Shows a value beside what `print` writes. Default: its short tree on standard output.
  /// - Parameter name: showing another value under the same name replaces the first, where the front end can.
  public lazy var display: (_ value: LuaValue, _ name: String?) throws -> Void = { [unowned self] value, _ in
    StandardStream.output.write(text(value, tree: true) + "\n")
  }
  /// Shows a text that has other forms too, such as a page of help. Default: the text on standard output.
  /// - Parameter forms: made only where they can be shown.
  public var present: (_ text: String, _ forms: () throws -> [RichForm]) throws -> Void = { text, _ in StandardStream.output.write(text + "\n") }
  /// Takes away what was shown, at once or when the next thing is shown. Default: nothing, for a terminal scrolls.
  public var clearOutput: (_ waits: Bool) -> Void = { _ in }
  let link = SessionLink()

  /// - Parameter memoryLimit: bytes of Lua's own values (not of tensors); default: three quarters of what the process may take.
  public init(memoryLimit: Int? = nil) {
    let limit = memoryLimit ?? MemoryLimit.bytes / 4 * 3
    guard let state = fx_open(nil, luaEntryPoint, luaReleasePoint, limit) else {
      fatalError("no memory for a Lua interpreter")  // nothing runs yet
    }
    main = state
    fx_set_session(state, Unmanaged.passUnretained(self).toOpaque())
    link.session = self
  }

  deinit {
    link.session = nil
    fx_close(main)
  }

  /// The stack of the state that runs now: the main one, or a coroutine.
  public var stack: LuaStack { LuaStack(state: fx_running(main), session: self) }

  // MARK: Running

  /// Compiles a text. `name` is shown in messages: `=stdin`, `@script.lua`.
  ///
  /// - Throws: ``LuaError`` of kind `syntax`.
  public func load(_ source: String, name: String = "=(code)") throws -> LuaFunction {
    let stack = stack
    stack.reserve(2)
    var source = source
    let status = source.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { fx_load(stack.state, $0.baseAddress, $0.count, name) }
    }
    return try takeChunk(stack, status)
  }

  /// Compiles a file; nil reads standard input. A first line starting with `#` is skipped.
  public func loadFile(_ path: String?) throws -> LuaFunction {
    let stack = stack
    stack.reserve(4)
    let status = path.map { fx_load_file(stack.state, $0) } ?? fx_load_file(stack.state, nil)
    return try takeChunk(stack, status, of: path)
  }

  private func takeChunk(_ stack: LuaStack, _ status: Int32, of file: String? = nil) throws -> LuaFunction {
    defer { stack.pop() }
    guard status == LUA_OK else {
      let message = stack.string(at: stack.top)
      // A quoted string never goes on in the next line, though Lua too finds its error at the end.
      let endsEarly = message.hasSuffix("<eof>") && !message.hasSuffix("unfinished string near <eof>")
      let kind: LuaError.Kind =
        status == LUA_ERRMEM ? .memory
        : status == LUA_ERRSYNTAX || !message.hasPrefix("cannot ") ? .syntax(isIncomplete: endsEarly) : .other
      // Of all that is wrong with a file, Lua leaves its name out of this alone.
      let isNameless = message.hasPrefix("binary chunks are refused")
      throw LuaError(kind: kind, isNameless ? file.map { "\($0): \(message)" } ?? message : message)
    }
    return LuaFunction(reference: LuaReference(stack, at: stack.top))
  }

  /// Compiles and runs a text; `arguments` are its `...`.
  ///
  /// - Throws: ``LuaError``; ``Interrupted``.
  @discardableResult
  public func run(
    _ source: String, with arguments: [any LuaPushable] = [], name: String = "=(code)"
  ) throws -> [LuaValue] {
    try load(source, name: name).call(list: arguments)
  }

  /// `Lua 5.4.4`.
  public static var luaVersion: String { String(cString: fx_lua_version()) }

  /// Calls the function below its arguments on the stack; leaves its results.
  func invoke(_ stack: LuaStack, argumentCount: Int) throws {
    releaseDropped()
    depth += 1
    let status = fx_pcall(stack.state, Int32(argumentCount), LUA_MULTRET)
    depth -= 1
    if status != LUA_OK { throw takeError(stack, status) }
    if depth == 0, fx_interrupt_pending(main) { clearInterrupt() }
  }

  // MARK: Globals

  /// Sets a global.
  public func set(_ name: String, _ value: some LuaPushable) {
    let stack = stack
    stack.reserve(4)
    fx_push_globals(stack.state)
    name.push(onto: stack)
    value.push(onto: stack)
    lua_rawset(stack.state, -3)
    stack.pop()
  }

  /// Reads a global without metamethods, so a library table that was not overwritten is nil.
  public func get<V: LuaReadable>(_ name: String, as type: V.Type = V.self) -> V? {
    let stack = stack
    stack.reserve(4)
    fx_push_globals(stack.state)
    name.push(onto: stack)
    lua_rawget(stack.state, -2)
    defer { stack.pop(2) }
    return try? V.read(from: stack, at: stack.top)
  }

  /// A value as `print` shows it, or as the REPL's short tree.
  public func text(_ value: LuaValue, tree: Bool = false) -> String {
    let stack = stack
    stack.reserve(4)
    value.push(onto: stack)
    defer { stack.pop() }
    if tree, let (type, payload) = exposedObject(at: stack.top, stack.state) { return type.text(payload, tree: true) }
    let status = fx_tostring(stack.state, stack.top)
    defer { stack.pop() }
    let text = stack.string(at: stack.top)
    return status == LUA_OK ? text : "(its __tostring failed: \(text))"
  }

  // MARK: Memory

  /// Bytes of Lua's own values.
  public var memoryUsed: Int { fx_memory_used(main) }
  /// Bytes outside Lua's sight that living objects hold.
  public var nativeBytesAlive: Int { fx_native_live(main) }
  /// Bytes allocated since the start, by Lua and outside of it; they only grow.
  public var allocatedBytes: (lua: Int, native: Int) { (fx_allocated(main), fx_native_total(main)) }

  /// Lets go of what references that were dropped, on whatever thread, kept alive.
  func releaseDropped() {
    for key in link.takeDropped() { luaL_unref(main, fx_registry_index(), key) }
  }

  /// Lets errors keep the variables of their frames (``LuaError/frames``), for a look after the fact.
  public func keepLocals() { fx_keep_locals(main, true) }

  // MARK: Interrupts

  /// Makes Ctrl-C interrupt this session, which belongs to the calling thread.
  ///
  /// - Parameter endsProgram: whether a second Ctrl-C ends the program while the first is unanswered for 2 s.
  public func catchInterrupts(endsProgram: Bool = true) {
    _ = Interrupt.isPending  // makes the flag before the handler needs it
    if !endsProgram { fx_survive_sigint() }
    fx_catch_sigint(main) { Interrupt.raise() }
  }

  /// What Ctrl-C does, to this session and the calling thread alone.
  public func interrupt() {
    Interrupt.raiseHere()
    fx_interrupt(main)
  }

  public var isInterruptPending: Bool { fx_interrupt_pending(main) }

  public func answerInterrupt() {
    wasInterrupted = true
    clearInterrupt()
  }

  /// Before something that no earlier interrupt is meant for.
  public func forgetInterrupts() {
    wasInterrupted = false
    clearInterrupt()
  }

  public func clearInterrupt() {
    fx_clear_interrupt(main)
    Interrupt.clear()
  }
}
