/// A named axis of a file.
public struct NetCDFDimension: Sendable, Hashable {
  public let name: String
  public let length: Int
  public let isUnlimited: Bool
}

/// What a file says of one variable; the values are read through ``NetCDFReader``.
public struct NetCDFVariable: Sendable {
  /// With the groups it lies in: `group/name`.
  public let name: String
  public let type: NetCDFType
  /// Slowest first.
  public let dimensions: [NetCDFDimension]
  public let attributes: NetCDFAttributes
  /// The file's and the variable's numbers in the library.
  let group: Int32, id: Int32

  public var shape: [Int] { dimensions.map(\.length) }

  /// `tas(time 12, lat 73, lon 96) float, K`
  public var summary: String {
    let axes = dimensions.map { "\($0.name) \($0.length)" }.joined(separator: ", ")
    let unit = attributes.text("units").map { ", \($0)" } ?? ""
    return "\(name)(\(axes)) \(type)\(unit)"
  }
}
