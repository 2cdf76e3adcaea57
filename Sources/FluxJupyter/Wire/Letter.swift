import FluxCore
import FluxDocument

/// A message that is to be sent.
struct Letter: Sendable {
  enum Channel: Sendable { case shell, control, publish, input }

  let channel: Channel
  /// Of its reader, or the topic that subscribers see.
  let identities: [[UInt8]]
  let type: String
  /// The header of what it belongs to; empty for none.
  let parent: [UInt8]
  let metadata: JSONText
  /// Its content, as it is sent.
  let body: [UInt8]
  /// Does not wait for what is published: an answer on the control channel, or to a cell that was interrupted.
  let isUrgent: Bool
  /// Tells that the kernel is idle.
  private(set) var isIdle = false

  init(
    _ channel: Channel, to identities: [[UInt8]], _ type: String, parent: [UInt8], _ content: JSONText, metadata: JSONText = .object([]),
    isUrgent: Bool = false
  ) {
    self.channel = channel
    self.identities = identities
    self.type = type
    self.parent = parent
    self.metadata = metadata
    self.isUrgent = isUrgent || channel == .control
    body = Array(content.description.utf8)
  }

  /// For all front ends.
  static func published(_ type: String, _ content: JSONText, metadata: JSONText = .object([]), parent: [UInt8]) -> Letter {
    Letter(.publish, to: [Array(type.utf8)], type, parent: parent, content, metadata: metadata)
  }

  /// A text of `stdout` or `stderr`.
  static func text(_ text: String, of stream: String, parent: [UInt8]) -> Letter {
    Letter(
      .publish, to: [Array("stream.\(stream)".utf8)], "stream", parent: parent, .object([("name", .text(stream)), ("text", .text(text))]))
  }

  static func status(_ state: String, parent: [UInt8]) -> Letter {
    var letter = published("status", .object([("execution_state", .text(state))]), parent: parent)
    letter.isIdle = state == "idle"
    return letter
  }

  /// Bytes on the wire, about: signature and header are as long as these.
  var size: Int { body.count + parent.count + 400 }
}
