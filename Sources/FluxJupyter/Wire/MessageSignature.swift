internal import Crypto

/// HMAC-SHA256 over the four parts of a message, in hexadecimal digits, as Jupyter signs.
///
/// - Reference: Jupyter messaging 5.4, "The wire protocol"; RFC 2104.
struct MessageSignature: Sendable {
  private let key: SymmetricKey?

  /// - Parameter key: empty for messages without signature.
  init(key: [UInt8]) { self.key = key.isEmpty ? nil : SymmetricKey(data: key) }

  /// Empty without a key.
  func digits(_ parts: ArraySlice<[UInt8]>) -> [UInt8] {
    guard let key else { return [] }
    var code = HMAC<SHA256>(key: key)
    for part in parts { part.withUnsafeBytes { code.update(data: $0) } }
    let digits = Array("0123456789abcdef".utf8)
    return code.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }

  /// Compares in a time that does not tell where the first difference is.
  func accepts(_ signature: [UInt8], _ parts: ArraySlice<[UInt8]>) -> Bool {
    guard key != nil else { return true }
    guard signature.count == 64 else { return false }
    let right = digits(parts)
    return zip(signature, right).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
