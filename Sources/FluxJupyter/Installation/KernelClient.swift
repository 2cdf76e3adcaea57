import FluxCore
import FluxDocument

/// The least of a front end: asks on the shell channel and waits for the answer.
struct KernelClient {
  private let shell: ZeroMQSocket
  private let signature: MessageSignature

  init(_ connection: ConnectionFile) throws {
    shell = try ZeroMQSocket(.dealer, ZeroMQContext())
    try shell.connect(connection.endpoint(connection.shell))
    signature = MessageSignature(key: connection.key)
  }

  /// - Parameters:
  ///   - limit: when to give up, on the ``MonotonicClock``.
  ///   - isAlive: throws when nobody will answer.
  /// - Throws: ``FluxError`` when no answer comes in time.
  func ask(_ type: String, _ content: JSONText, until limit: Double, _ isAlive: () throws -> Void) throws -> JSONText {
    let frames = JupyterMessage.frames([], type, parent: [], content, signature)
    let header = frames[2]
    guard shell.send(frames) else { throw FluxError("the message was not taken", at: type) }
    while MonotonicClock.seconds < limit {
      _ = ZeroMQSocket.poll([shell], [], milliseconds: 50)
      while let frames = shell.receive() {
        guard let message = JupyterMessage(frames, signature), Self.identifier(message.parent) == Self.identifier(header) else { continue }
        return message.content
      }
      if type != "shutdown_request" { try isAlive() }
    }
    throw FluxError("no answer within the time", at: type)
  }

  private static func identifier(_ header: [UInt8]) -> String? { (try? JSONText(parsing: header, at: "header"))?["msg_id"]?.string }
}
