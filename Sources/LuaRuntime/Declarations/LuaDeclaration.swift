/// What a user reads about one thing that Lua sees, declared once: it feeds the
/// binding, `help()`, completion, argument errors and the editor's stubs.
public struct LuaDeclaration: Sendable {
  public enum Kind: Sendable, Equatable {
    case property(settable: Bool)
    case method
    case function
    case value
    case `operator`(LuaOperator)
    case call
    case index
    case setIndex
  }

  public let kind: Kind
  public let name: String
  /// Of a function: `(flux: Tensor, dim?: integer, {norm: number = 3}) -> Tensor`.
  /// Of a property or value: its type. Types are written as LuaCATS writes them.
  public let signatureText: String
  /// One line: what it gives, with its unit.
  public let summary: String
  /// A few lines that can be typed at the prompt as they stand (so without `local`); `--> text` after an expression is
  /// what it prints. The tests type them.
  public let example: String?

  init(kind: Kind, name: String, signatureText: String, summary: String, example: String? = nil) {
    self.kind = kind
    self.name = name
    self.signatureText = signatureText
    self.summary = summary
    self.example = example
  }

  /// The parsed signature; of a property, one without parameters.
  public var signature: LuaSignature { LuaSignature(signatureText) }
}

/// The operators of Lua that a type can define.
public enum LuaOperator: String, Sendable, CaseIterable {
  case add = "__add", subtract = "__sub", multiply = "__mul", divide = "__div"
  case modulo = "__mod", power = "__pow", floorDivide = "__idiv", negate = "__unm"
  case equal = "__eq", less = "__lt", lessOrEqual = "__le"
  case concatenate = "__concat", length = "__len"

  /// As it is written in a script.
  public var symbol: String {
    switch self {
    case .add: "+"
    case .subtract, .negate: "-"
    case .multiply: "*"
    case .divide: "/"
    case .modulo: "%"
    case .power: "^"
    case .floorDivide: "//"
    case .equal: "=="
    case .less: "<"
    case .lessOrEqual: "<="
    case .concatenate: ".."
    case .length: "#"
    }
  }

  /// LuaCATS' name of it, where it has one.
  public var stubName: String? {
    switch self {
    case .equal, .less, .lessOrEqual: nil
    case .add: "add"
    case .subtract: "sub"
    case .multiply: "mul"
    case .divide: "div"
    case .modulo: "mod"
    case .power: "pow"
    case .floorDivide: "idiv"
    case .negate: "unm"
    case .concatenate: "concat"
    case .length: "len"
    }
  }
}
