internal import CNetCDF
import FluxCore

/// Reads what a file says about itself. Every call here happens under the library's lock.
struct NetCDFContents {
  private(set) var dimensions: [NetCDFDimension] = []
  private(set) var variables: [NetCDFVariable] = []
  private(set) var attributes = NetCDFAttributes()
  private let path: String

  init(file: Int32, path: String) throws {
    self.path = path
    attributes = try attributes(of: NC_GLOBAL, in: file)
    try addGroup(file, prefix: "", depth: 0)
  }

  private mutating func addGroup(_ group: Int32, prefix: String, depth: Int) throws {
    var count: Int32 = 0
    var ids = [Int32](repeating: 0, count: Int(NC_MAX_DIMS))
    try NetCDFLibrary.check(nc_inq_dimids(group, &count, &ids, 0), "listing its dimensions", at: path)
    for id in ids.prefix(Int(count)) { dimensions.append(try dimension(id, in: group)) }
    try NetCDFLibrary.check(nc_inq_nvars(group, &count), "counting its variables", at: path)
    for id in 0..<count { variables.append(try variable(id, in: group, prefix: prefix)) }

    try NetCDFLibrary.check(nc_inq_grps(group, &count, nil), "counting its groups", at: path)
    guard count > 0, depth < 32 else { return }
    var groups = [Int32](repeating: 0, count: Int(count))
    try NetCDFLibrary.check(nc_inq_grps(group, &count, &groups), "listing its groups", at: path)
    for child in groups {
      let name = try Self.name { nc_inq_grpname(child, $0) } or: { try NetCDFLibrary.check($0, "naming a group", at: path) }
      try addGroup(child, prefix: prefix + name + "/", depth: depth + 1)
    }
  }

  private func dimension(_ id: Int32, in group: Int32) throws -> NetCDFDimension {
    var length = 0
    let name = try Self.name { nc_inq_dim(group, id, $0, &length) } or: {
      try NetCDFLibrary.check($0, "reading a dimension", at: path)
    }
    var count: Int32 = 0
    var unlimited = [Int32](repeating: 0, count: Int(NC_MAX_DIMS))
    try NetCDFLibrary.check(nc_inq_unlimdims(group, &count, &unlimited), "listing its unlimited dimensions", at: path)
    guard length >= 0 else { throw FluxError("dimension '\(name)' has an absurd length", at: path, remedy: "The file is damaged.") }
    return NetCDFDimension(name: name, length: length, isUnlimited: unlimited.prefix(Int(count)).contains(id))
  }

  private func variable(_ id: Int32, in group: Int32, prefix: String) throws -> NetCDFVariable {
    var code: Int32 = 0, rank: Int32 = 0, attributeCount: Int32 = 0
    var axes = [Int32](repeating: 0, count: Int(NC_MAX_VAR_DIMS))
    let name = try Self.name { nc_inq_var(group, id, $0, &code, &rank, &axes, &attributeCount) } or: {
      try NetCDFLibrary.check($0, "reading a variable's description", at: path)
    }
    return NetCDFVariable(
      name: prefix + name, type: type(code, in: group), dimensions: try axes.prefix(Int(rank)).map { try dimension($0, in: group) },
      attributes: try attributes(of: id, in: group), group: group, id: id)
  }

  private func type(_ code: Int32, in group: Int32) -> NetCDFType {
    if let type = NetCDFType(code: code) { return type }
    var kind: Int32 = 0
    let name = Self.name { nc_inq_user_type(group, code, $0, nil, nil, nil, &kind) } or: { _ in }
    let kinds: [Int32: String] = [NC_VLEN: "variable-length", NC_OPAQUE: "opaque", NC_ENUM: "enum", NC_COMPOUND: "compound"]
    return .userDefined(name: name, kind: kinds[kind] ?? "unknown")
  }

  private func attributes(of variable: Int32, in group: Int32) throws -> NetCDFAttributes {
    var result = NetCDFAttributes()
    var count: Int32 = 0
    let status = variable == NC_GLOBAL ? nc_inq_natts(group, &count) : nc_inq_varnatts(group, variable, &count)
    try NetCDFLibrary.check(status, "counting attributes", at: path)
    for index in 0..<count {
      let name = try Self.name { nc_inq_attname(group, variable, index, $0) } or: {
        try NetCDFLibrary.check($0, "reading an attribute's name", at: path)
      }
      result[name] = try value(of: name, variable, in: group)
    }
    return result
  }

  /// Nil for a type that the file defines itself, and for an attribute beyond 16 million values.
  private func value(of name: String, _ variable: Int32, in group: Int32) throws -> NetCDFValue? {
    var code: Int32 = 0, length = 0
    try NetCDFLibrary.check(nc_inq_att(group, variable, name, &code, &length), "reading attribute '\(name)'", at: path)
    guard let type = NetCDFType(code: code), length >= 0, length <= 1 << 24 else { return nil }
    let reading = "reading attribute '\(name)'"
    switch type {
    case .char:
      var bytes = [CChar](repeating: 0, count: length + 1)
      try NetCDFLibrary.check(nc_get_att_text(group, variable, name, &bytes), reading, at: path)
      return .text(Self.text(bytes.prefix(length)))
    case .string:
      guard length > 0 else { return .strings([]) }
      var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: length)
      try NetCDFLibrary.check(nc_get_att_string(group, variable, name, &pointers), reading, at: path)
      defer { nc_free_string(length, &pointers) }
      return .strings(pointers.map { $0.map { String(cString: $0) } ?? "" })
    default:
      var numbers = [Double](repeating: 0, count: max(1, length))
      try NetCDFLibrary.check(nc_get_att_double(group, variable, name, &numbers), reading, at: path)
      return .numbers(Array(numbers.prefix(length)), type)
    }
  }

  /// Calls a function that fills in a name.
  private static func name(
    _ call: (UnsafeMutablePointer<CChar>) -> Int32, or fail: (Int32) throws -> Void
  ) rethrows -> String {
    var buffer = [CChar](repeating: 0, count: Int(NC_MAX_NAME) + 1)
    let status = buffer.withUnsafeMutableBufferPointer { call($0.baseAddress!) }
    try fail(status)
    return text(buffer[...])
  }

  /// Bytes up to the first NUL, without trailing blanks.
  static func text(_ bytes: ArraySlice<CChar>) -> String {
    var bytes = bytes.prefix { $0 != 0 }
    while let last = bytes.last, last == 32 || last == 10 { bytes.removeLast() }
    return String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
