internal import CNetCDF

/// The atomic types of netCDF, and the name of a type that a file defines itself.
public enum NetCDFType: Sendable, Hashable, CustomStringConvertible {
  case byte, char, short, int, float, double, ubyte, ushort, uint, int64, uint64, string
  /// A compound, enum, vlen or opaque type: read by no part of this program.
  case userDefined(name: String, kind: String)

  init?(code: Int32) {
    switch code {
    case NC_BYTE: self = .byte
    case NC_CHAR: self = .char
    case NC_SHORT: self = .short
    case NC_INT: self = .int
    case NC_FLOAT: self = .float
    case NC_DOUBLE: self = .double
    case NC_UBYTE: self = .ubyte
    case NC_USHORT: self = .ushort
    case NC_UINT: self = .uint
    case NC_INT64: self = .int64
    case NC_UINT64: self = .uint64
    case NC_STRING: self = .string
    default: return nil
    }
  }

  var code: Int32 {
    switch self {
    case .byte: NC_BYTE
    case .char: NC_CHAR
    case .short: NC_SHORT
    case .int: NC_INT
    case .float: NC_FLOAT
    case .double: NC_DOUBLE
    case .ubyte: NC_UBYTE
    case .ushort: NC_USHORT
    case .uint: NC_UINT
    case .int64: NC_INT64
    case .uint64: NC_UINT64
    case .string: NC_STRING
    case .userDefined: NC_NAT
    }
  }

  /// Whether values are numbers: everything but text and a file's own types.
  public var isNumeric: Bool {
    switch self {
    case .char, .string, .userDefined: false
    default: true
    }
  }

  public var isFloating: Bool { self == .float || self == .double }

  /// Bytes of one value in memory; 0 for a type that a file defines itself.
  public var size: Int {
    switch self {
    case .byte, .char, .ubyte: 1
    case .short, .ushort: 2
    case .int, .uint, .float: 4
    case .double, .int64, .uint64: 8
    case .string: 16
    case .userDefined: 0
    }
  }

  /// The library's own fill value, which it writes where nobody wrote; none for the one-byte types.
  public var defaultFill: Double? {
    switch self {
    case .short: -32_767
    case .int: -2_147_483_647
    case .float, .double: 9.969_209_968_386_869e+36
    case .ushort: 65_535
    case .uint: 4_294_967_295
    case .int64: -0x1p63
    case .uint64: 0x1p64
    default: nil
    }
  }

  public var description: String {
    switch self {
    case .byte: "byte"
    case .char: "char"
    case .short: "short"
    case .int: "int"
    case .float: "float"
    case .double: "double"
    case .ubyte: "ubyte"
    case .ushort: "ushort"
    case .uint: "uint"
    case .int64: "int64"
    case .uint64: "uint64"
    case .string: "string"
    case .userDefined(let name, let kind): "\(kind) type '\(name)'"
    }
  }
}
