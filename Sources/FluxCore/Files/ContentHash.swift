import Glibc

/// A fingerprint of data, to tell whether an artefact was made from the same
/// input: XXH64 over each piece, seeded by the pieces before it. Equal on every
/// machine of the same byte order. It guards against mistakes, not malice.
///
/// - Reference: Collet, xxHash specification 0.1.1, §XXH64.
public struct ContentHash: Sendable, Equatable, CustomStringConvertible {
  public private(set) var value: UInt64

  public init(seed: UInt64 = 0) { value = seed }

  /// Of a file's bytes; nil when it cannot be read.
  public init?(file path: String) {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    self.init()
    var block = [UInt8](repeating: 0, count: 1 << 20)
    while case let count = fread(&block, 1, block.count, file), count > 0 {
      block.withUnsafeBytes { combine(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
    guard ferror(file) == 0 else { return nil }
  }

  /// Takes in the bytes of a piece; where one piece ends counts too.
  public mutating func combine(_ bytes: UnsafeRawBufferPointer) { value = Self.hash(bytes, seed: value) }

  /// The fingerprint of one piece alone.
  public static func value(of bytes: UnsafeRawBufferPointer) -> UInt64 { hash(bytes, seed: 0) }

  /// Takes in a text, as UTF-8.
  public mutating func combine(_ text: String) {
    var text = text
    text.withUTF8 { combine(UnsafeRawBufferPointer($0)) }
  }

  /// Takes in numbers, bit for bit.
  public mutating func combine<Number: BitwiseCopyable>(_ numbers: [Number]) {
    numbers.withUnsafeBytes { combine($0) }
  }

  /// Sixteen hexadecimal digits.
  public var description: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private static let p1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let p2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let p3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let p4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let p5: UInt64 = 0x27D4_EB2F_1656_67C5

  @inline(__always)
  private static func rotate(_ x: UInt64, _ by: UInt64) -> UInt64 { x << by | x >> (64 - by) }

  @inline(__always)
  private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 { rotate(lane &+ input &* p2, 31) &* p1 }

  static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
    let count = bytes.count
    var at = 0
    var hash = seed &+ p5
    if count >= 32, let base = bytes.baseAddress {
      var a = seed &+ p1 &+ p2, b = seed &+ p2, c = seed, d = seed &- p1
      while at &+ 32 <= count {
        a = round(a, base.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        b = round(b, base.loadUnaligned(fromByteOffset: at &+ 8, as: UInt64.self))
        c = round(c, base.loadUnaligned(fromByteOffset: at &+ 16, as: UInt64.self))
        d = round(d, base.loadUnaligned(fromByteOffset: at &+ 24, as: UInt64.self))
        at &+= 32
      }
      hash = rotate(a, 1) &+ rotate(b, 7) &+ rotate(c, 12) &+ rotate(d, 18)
      for lane in [a, b, c, d] { hash = (hash ^ round(0, lane)) &* p1 &+ p4 }
    }
    hash &+= UInt64(count)
    while at + 8 <= count {
      hash = rotate(hash ^ round(0, bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)), 27) &* p1 &+ p4
      at += 8
    }
    if at + 4 <= count {
      let word = UInt64(bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self))
      hash = rotate(hash ^ (word &* p1), 23) &* p2 &+ p3
      at += 4
    }
    while at < count {
      hash = rotate(hash ^ (UInt64(bytes[at]) &* p5), 11) &* p1
      at += 1
    }
    hash = (hash ^ hash >> 33) &* p2
    hash = (hash ^ hash >> 29) &* p3
    return hash ^ hash >> 32
  }
}
