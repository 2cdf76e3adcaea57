import FluxCore

/// ZeroMQ, tried: for `fluxbridge doctor`.
enum ZeroMQTrial {
  /// Passes a message between two sockets of this process.
  ///
  /// - Returns: ZeroMQ's version and what it did; nil where it is missing.
  /// - Throws: ``FluxError`` where it is there and the message does not arrive.
  static func message() throws -> String? {
    guard let version = ZeroMQContext.version else { return nil }
    let context = try ZeroMQContext(), endpoint = "inproc://doctor"
    let one = try ZeroMQSocket(.dealer, context), other = try ZeroMQSocket(.dealer, context)
    try one.bind(endpoint, at: "doctor")
    try other.connect(endpoint)
    let sent = [Array("20 +".utf8), Array("22".utf8)]
    guard other.send(sent), ZeroMQSocket.poll([one], [], milliseconds: 1000) == [true], one.receive() == sent else {
      throw FluxError("a message between two sockets of ZeroMQ \(version) did not arrive", at: "doctor")
    }
    return "\(version), passed a message between two sockets"
  }
}
