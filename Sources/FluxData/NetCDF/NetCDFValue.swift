/// The value of a netCDF attribute.
///
/// Literals make text and doubles: `["units": "K", "scale_factor": 0.01]`; other
/// number types are written `.numbers([-9999], .short)`.
public enum NetCDFValue: Sendable, Equatable, ExpressibleByStringLiteral, ExpressibleByFloatLiteral {
  case text(String)
  case strings([String])
  case numbers([Double], NetCDFType)

  public init(stringLiteral text: String) { self = .text(text) }
  public init(floatLiteral number: Double) { self = .numbers([number], .double) }

  /// The text, without padding of NULs and blanks; nil for numbers.
  public var text: String? {
    switch self {
    case .text(let text): text
    case .strings(let strings): strings.first
    case .numbers: nil
    }
  }

  public var numbers: [Double]? {
    if case .numbers(let numbers, _) = self { numbers } else { nil }
  }

  /// The first number; also of a text that is one, which some writers leave.
  public var number: Double? {
    switch self {
    case .numbers(let numbers, _): numbers.first
    case .text(let text): Double(text)
    case .strings(let strings): strings.first.flatMap(Double.init)
    }
  }
}

/// Attributes in the order of the file.
public struct NetCDFAttributes: Sendable, Equatable, ExpressibleByDictionaryLiteral, Sequence {
  public private(set) var entries: [(name: String, value: NetCDFValue)] = []

  public init() {}
  public init(dictionaryLiteral elements: (String, NetCDFValue)...) {
    for (name, value) in elements { self[name] = value }
  }

  public subscript(name: String) -> NetCDFValue? {
    get { entries.first { $0.name == name }?.value }
    set {
      let index = entries.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): entries[index].value = value
      case (let index?, nil): entries.remove(at: index)
      case (nil, let value?): entries.append((name, value))
      case (nil, nil): break
      }
    }
  }

  /// Texts, by name.
  public init(_ texts: [(name: String, text: String)]) {
    for (name, text) in texts { self[name] = .text(text) }
  }

  public var names: [String] { entries.map(\.name) }
  public func text(_ name: String) -> String? { self[name]?.text }
  public func number(_ name: String) -> Double? { self[name]?.number }

  /// These, overridden and followed by the others.
  public func merging(_ others: NetCDFAttributes) -> NetCDFAttributes {
    var result = self
    for (name, value) in others { result[name] = value }
    return result
  }

  public func makeIterator() -> IndexingIterator<[(name: String, value: NetCDFValue)]> { entries.makeIterator() }

  public static func == (a: Self, b: Self) -> Bool {
    a.entries.count == b.entries.count && zip(a, b).allSatisfy { $0.0 == $1.0 && $0.1 == $1.1 }
  }
}
