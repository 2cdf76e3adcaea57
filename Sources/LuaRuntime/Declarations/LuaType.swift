import FluxCore
import FluxDocument
import Synchronization
internal import CLua
internal import CLuaShim

/// How a Swift type looks in Lua: declared once, with everything that a user reads.
///
/// A **type** with properties, methods, options, operators and indexing:
/// ```swift
/// extension Footprint: LuaExposed {
///   public static let luaType = LuaType<Footprint>(
///     "Footprint", "sensitivity of receptors to surface flux",
///     members: [
///       .property("receptors", "integer", "rows of H") { footprint in footprint.receptorCount },
///       .property("grad", "Tensor?", "the gradient", get: { $0.gradient }, set: { t, new in t.gradient = new }),
///       .method("convolve", "(flux: Tensor) -> Tensor", "enhancement, µmol mol⁻¹") { footprint, call in
///         try footprint.convolve(call.argument(1, "flux"))
///       },
///       .method("plot", "(title?: string, {unit: string = \"ppm\", norm: number = 3})", "draws it") { footprint, call in
///         let title = try call.argument(1, "title") as String?
///         let options = try call.options(2)                      // unknown names are refused
///         try footprint.plot(title, unit: options.value("unit", default: "ppm"), norm: options.value("norm", default: 3.0))
///       },
///       .method("max", "(dim: integer) -> values: Tensor, indices: Tensor", "…") { t, call in LuaResults(a, b) },
///       .operator(.multiply, "(left: Footprint|number, right: Footprint|number) -> Footprint", "scaled") { call in
///         if let k = call.argument(1, if: Double.self) { … }     // both operands are arguments, in their order
///       },
///       .index("(i: integer) -> number", "row i") { footprint, call in try footprint.row(call.argument(1, "i")) },
///       .setIndex("(i: integer, value: number)", "sets row i") { footprint, call in … },
///       .call("(x: Tensor) -> Tensor", "the same as convolve") { footprint, call in … },
///     ])
///   public var luaDescription: String { "Footprint [receptor 1240, pixel 8112]" }  // print; luaTree for the REPL
///   public var nativeByteCount: Int { weights.byteCount }                          // for the collector
/// }
/// ```
/// A **module**, a table of functions that may itself be called:
/// ```swift
/// let tensorModule = LuaModule("tensor", "arrays with gradients", [
///   .call("(values: table, {dtype: string = \"float32\"}) -> Tensor", "from nested lists") { call in
///     try Tensor(nested: call.table(1, "values"))
///   },
///   .function("zeros", "(shape: integer[]) -> Tensor", "filled with 0") { call in
///     try Tensor.zeros(call.argument(1, "shape"))
///   },
///   .value("pi", "number", "3.14159…") { _ in Double.pi },
/// ])
/// ```
/// Both are listed in `FluxLua/FluxLibrary.swift`. Results may be nothing, any
/// ``LuaConvertible`` (numbers, strings, optionals, lists, dictionaries, ``LuaTable``,
/// exposed objects) or ``LuaResults``. Errors are thrown as `FluxError`.
/// Every object also gets `:free()`, `<close>`, and, for classes, identity by `==`.
public final class LuaType<T: LuaExposed>: AnyLuaType, @unchecked Sendable {
  public init(_ name: String, _ summary: String, members: [LuaMember<T>]) {
    super.init(name: name, summary: summary, members: members.map(\.parts) + Self.ownMembers(members.map(\.parts.declaration)))
  }

  /// What every type gets: `free`, closing, identity.
  private static func ownMembers(_ declared: [LuaDeclaration]) -> [Parts] {
    var parts = [
      LuaMember<T>.raw(.method, "free", "()", "gives its memory back at once; the object cannot be used afterwards") { call in
        try call.session.free(T.self, call)
        return 0
      }.parts
    ]
    if T.self is AnyClass, !declared.contains(where: { $0.kind == .operator(.equal) }) {
      parts.append(
        LuaMember<T>.raw(.operator(.equal), "==", "(left: any, right: any) -> boolean", "whether both are the same object") { call in
          let a = call.argument(1, if: T.self), b = call.argument(2, if: T.self)
          return try (a.map { $0 as AnyObject } === b.map { $0 as AnyObject } && a != nil).pushResults(onto: call.stack)
        }.parts)
    }
    return parts
  }

  override func destroy(_ payload: UnsafeMutableRawPointer) {
    payload.assumingMemoryBound(to: T.self).deinitialize(count: 1)
  }
  override func value(_ payload: UnsafeMutableRawPointer) -> Any { payload.assumingMemoryBound(to: T.self).pointee }
  override func text(_ payload: UnsafeMutableRawPointer, tree: Bool) -> String {
    let value = payload.assumingMemoryBound(to: T.self)
    return tree ? value.pointee.luaTree : value.pointee.luaDescription
  }
  override func richForms(_ payload: UnsafeMutableRawPointer) throws -> [RichForm] {
    let value = payload.assumingMemoryBound(to: T.self).pointee
    if let shown = value as? any RichlyShown { return try shown.richForms() }
    return Outline(drawn: value.luaTree).map { [RichForm("text/html", .text($0.html))] } ?? []
  }
}

/// A ``LuaType`` whose Swift type is not known: what registries, help and the collector use.
public class AnyLuaType: @unchecked Sendable {
  struct Parts: Sendable {
    let declaration: LuaDeclaration
    let body: LuaBody
    let set: LuaBody?
  }

  public let name: String
  public let summary: String
  /// Its members in the order of declaration, without the pairs of setters.
  public var declarations: [LuaDeclaration] { members.map(\.declaration) }

  /// Small, dense, and the same in all sessions: where a session keeps the metatable.
  let number: Int32
  let members: [Parts]
  let entries: [LuaEntry]
  let setters: [String: LuaEntry]
  private(set) var getOther: LuaEntry!
  private(set) var setOther: LuaEntry!

  private static let counter = Atomic<Int>(0)

  init(name: String, summary: String, members: [Parts]) {
    self.name = name
    self.summary = summary
    self.members = members
    let number = Int32(Self.counter.wrappingAdd(1, ordering: .relaxed).oldValue)
    self.number = number
    var setters: [String: LuaEntry] = [:]
    entries = members.map { part in
      let kind = part.declaration.kind, member = part.declaration.name
      let place = switch kind {
      case .method: "\(name):\(member)"
      case .operator(let symbol): "\(name) \(symbol.symbol)"
      case .property, .value, .function: "\(name).\(member)"
      case .call: "\(name)(…)"
      case .index, .setIndex: "\(name)[…]"
      }
      let isOperator = if case .operator = kind { true } else { false }
      if let set = part.set {
        setters[member] = LuaEntry(place: place, declaration: part.declaration, offset: 1, owner: number, body: set)
      }
      return LuaEntry(place: place, declaration: part.declaration, offset: isOperator ? 0 : 1, owner: number, body: part.body)
    }
    self.setters = setters
    getOther = LuaOther.getter(self)
    setOther = LuaOther.setter(self)
  }

  func destroy(_ payload: UnsafeMutableRawPointer) {}
  /// The Swift value.
  func value(_ payload: UnsafeMutableRawPointer) -> Any { () }
  func text(_ payload: UnsafeMutableRawPointer, tree: Bool) -> String { name }
  func richForms(_ payload: UnsafeMutableRawPointer) throws -> [RichForm] { [] }
}
