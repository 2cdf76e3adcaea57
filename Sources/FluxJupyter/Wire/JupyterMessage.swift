import FluxCore
import FluxDocument
import Glibc

/// A message that came: checked, but its content is still whatever the peer wrote.
struct JupyterMessage: Sendable {
  /// Where the answer goes.
  let identities: [[UInt8]]
  let type: String
  /// As it came, to be the parent of what answers it.
  let header: [UInt8]
  /// Of a client's view: the header of what this answers.
  let parent: [UInt8]
  let content: JSONText
  /// The digits that signed it.
  let signature: [UInt8]

  private static let delimiter = Array("<IDS|MSG>".utf8)

  /// - Returns: nil for what is no message, or not signed with our key.
  init?(_ frames: [[UInt8]], _ signature: MessageSignature) {
    guard let mark = frames.firstIndex(of: Self.delimiter), frames.count >= mark + 6 else { return nil }
    let parts = frames[(mark + 2)..<(mark + 6)]
    guard signature.accepts(frames[mark + 1], parts) else { return nil }
    self.signature = frames[mark + 1]
    header = frames[mark + 2]
    parent = frames[mark + 3]
    guard let fields = try? JSONText(parsing: header, at: "header"), let type = fields["msg_type"]?.string,
      let content = try? JSONText(parsing: frames[mark + 5], at: "content"), content.fields != nil
    else { return nil }
    identities = Array(frames[..<mark])
    self.type = type
    self.content = content
  }

  /// The frames of a new message.
  ///
  /// - Parameters:
  ///   - identities: of the reader, or the topic that subscribers see.
  ///   - parent: the header of what is answered; empty for none.
  static func frames(
    _ identities: [[UInt8]], _ type: String, parent: [UInt8], _ content: JSONText, metadata: JSONText = .object([]), _ signature: MessageSignature
  ) -> [[UInt8]] {
    frames(identities, type, parent: parent, metadata, Array(content.description.utf8), signature)
  }

  /// The frames of a letter, sent now.
  static func frames(_ letter: Letter, _ signature: MessageSignature) -> [[UInt8]] {
    frames(letter.identities, letter.type, parent: letter.parent, letter.metadata, letter.body, signature)
  }

  private static func frames(
    _ identities: [[UInt8]], _ type: String, parent: [UInt8], _ metadata: JSONText, _ body: [UInt8], _ signature: MessageSignature
  ) -> [[UInt8]] {
    let header = JSONText.object([
      ("msg_id", .text(identifier())), ("session", .text(session)), ("username", .text("fluxbridge")), ("date", .text(date())),
      ("msg_type", .text(type)), ("version", .text("5.4")),
    ])
    let parts = [Array(header.description.utf8), parent.isEmpty ? Array("{}".utf8) : parent, Array(metadata.description.utf8), body]
    return identities + [delimiter, signature.digits(parts[...])] + parts
  }

  /// Of this process, in every header.
  private static let session = identifier()

  /// 32 random hexadecimal digits.
  static func identifier() -> String {
    func half() -> String {
      let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    return half() + half()
  }

  /// The time of day in UTC, as ISO 8601.
  private static func date() -> String {
    var now = timespec(), parts = tm()
    clock_gettime(CLOCK_REALTIME, &now)
    gmtime_r(&now.tv_sec, &parts)
    var buffer = [CChar](repeating: 0, count: 32)
    strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%S", &parts)
    let micro = String(now.tv_nsec / 1000)
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      + "." + String(repeating: "0", count: 6 - micro.count) + micro + "Z"
  }
}
