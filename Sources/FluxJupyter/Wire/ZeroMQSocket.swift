import FluxCore
import Glibc
internal import CLateLibraries

/// ZeroMQ's context: its sockets are closed before it is.
final class ZeroMQContext: @unchecked Sendable {
  fileprivate let handle: UnsafeMutableRawPointer

  /// - Throws: ``FluxError`` where libzmq5 is not installed.
  init() throws {
    if let missing = fx_zmq_missing() {
      throw FluxError("ZeroMQ is missing (\(String(cString: missing)))", at: "kernel", remedy: "sudo apt install libzmq5")
    }
    guard let handle = fx_zmq_context() else { throw FluxError("ZeroMQ gave no context", at: "kernel") }
    self.handle = handle
  }

  deinit { fx_zmq_end(handle) }

  /// `4.3.4`; nil where it is missing.
  static var version: String? { fx_zmq_version().map { String(cString: $0) } }
}

/// One socket. One thread uses it.
final class ZeroMQSocket {
  enum Kind { case router, dealer, publisher, subscriber }

  let handle: UnsafeMutableRawPointer
  private let context: ZeroMQContext

  /// Bytes of one message: what jupyter_server takes from a browser (`websocket_max_message_size`). A peer that sends a longer frame
  /// loses its connection; of a message with too many bytes or frames the rest is read and dropped.
  static let longestMessage = 10 << 20
  private static let mostFrames = 64
  /// So many frames are dropped at a time, in some milliseconds.
  private static let mostDropped = 20_000
  private var isDropping = false
  /// The descriptor of the connection over which the last message came.
  private(set) var source: Int32 = -1
  /// How long a socket that closes waits for what is unsent.
  private static let lingerMilliseconds: Int32 = 500

  init(_ kind: Kind, _ context: ZeroMQContext) throws {
    let number: fx_zmq_kind = switch kind {
    case .router: FX_ZMQ_ROUTER
    case .dealer: FX_ZMQ_DEALER
    case .publisher: FX_ZMQ_XPUB
    case .subscriber: FX_ZMQ_SUB
    }
    guard let handle = fx_zmq_socket(context.handle, Int32(number.rawValue), Self.lingerMilliseconds) else {
      throw FluxError("no socket: \(String(cString: strerror(errno)))", at: "kernel")
    }
    self.handle = handle
    self.context = context
    _ = fx_zmq_limit_frames(handle, Int64(Self.longestMessage))
    switch kind {
    case .publisher:
      _ = fx_zmq_tell_subscribers(handle)
      _ = fx_zmq_limit_queue(handle, 1000)
    case .subscriber: _ = fx_zmq_subscribe_all(handle)
    default: break
    }
  }

  private init(_ handle: UnsafeMutableRawPointer, _ context: ZeroMQContext) {
    self.handle = handle
    self.context = context
  }

  deinit { fx_zmq_close(handle) }

  /// A socket that tells of this one's connections.
  func monitor(_ endpoint: String) throws -> ZeroMQSocket {
    guard let monitor = fx_zmq_monitor(context.handle, handle, endpoint) else {
      throw FluxError("no socket: \(String(cString: fx_zmq_reason(errno)))", at: "kernel")
    }
    return ZeroMQSocket(monitor, context)
  }

  /// What a monitor tells next: the descriptor of a connection, new or gone.
  func connection() -> (number: Int32, isNew: Bool)? {
    var number: Int32 = 0, isNew = false
    return fx_zmq_connection(handle, &number, &isNew) ? (number, isNew) : nil
  }

  /// - Parameters:
  ///   - endpoint: `tcp://127.0.0.1:50505`.
  ///   - place: the file that asked for it.
  /// - Throws: ``FluxError`` with the endpoint and the reason.
  func bind(_ endpoint: String, at place: String) throws {
    guard fx_zmq_bind(handle, endpoint) != 0 else { return }
    switch errno {
    case EADDRINUSE:
      throw FluxError(
        "\(endpoint) is taken by another program", at: place, expected: "a free port",
        remedy: "Start the kernel anew: the front end then chooses other ports.")
    case EADDRNOTAVAIL, ENODEV:
      throw FluxError(
        "\(endpoint) is no address of this machine", at: place, expected: "127.0.0.1, or the address of a network device here",
        remedy: "Mend 'ip', which the front end wrote: --KernelManager.ip=127.0.0.1, or none at all.")
    case let code:
      throw FluxError("cannot listen at \(endpoint): \(String(cString: fx_zmq_reason(code)))", at: place, expected: "an address and a port that are ours to use")
    }
  }

  func connect(_ endpoint: String) throws {
    guard fx_zmq_connect(handle, endpoint) == 0 else {
      throw FluxError("cannot connect to \(endpoint): \(String(cString: fx_zmq_reason(errno)))", at: "kernel")
    }
  }

  /// The next message without waiting; nil when there is none. One of too many frames or bytes is an empty message.
  func receive() -> [[UInt8]]? {
    var kept = (frames: [[UInt8]](), bytes: 0), count = 0, more: Int32 = 1
    while more != 0 {
      let code = withUnsafeMutablePointer(to: &kept) { kept in
        fx_zmq_receive(handle, { bytes, count, context in
          let kept = context!.assumingMemoryBound(to: (frames: [[UInt8]], bytes: Int).self)
          kept.pointee.bytes += count
          if kept.pointee.frames.count <= ZeroMQSocket.mostFrames, kept.pointee.bytes <= ZeroMQSocket.longestMessage {
            kept.pointee.frames.append([UInt8](UnsafeRawBufferPointer(start: bytes, count: count)))
          }
        }, kept, &more, &source)
      }
      if code != 0 { return count == 0 ? nil : [] }
      count += 1
      if count > Self.mostFrames || kept.bytes > Self.longestMessage { isDropping = true }
      if isDropping {
        kept.frames = []
        if count >= Self.mostDropped, more != 0 { return nil }  // the rest at the next look
      }
    }
    defer { isDropping = false }
    return isDropping ? [] : kept.frames
  }

  /// Sends a message without waiting.
  ///
  /// - Returns: false when the peers are too slow to take it now.
  func send(_ frames: [[UInt8]]) -> Bool {
    for (i, frame) in frames.enumerated() {
      let code = frame.withUnsafeBytes { fx_zmq_send(handle, $0.baseAddress, $0.count, i < frames.count - 1 ? 1 : 0) }
      if code == EAGAIN, i == 0 { return false }
      if code != 0 { return true }  // the peer is gone: the message has no reader
    }
    return true
  }

  /// Whether a publisher waits for slow subscribers or drops their messages.
  func waitForSubscribers(_ waits: Bool) { _ = fx_zmq_wait_for_subscribers(handle, waits ? 1 : 0) }

  /// Waits until one of the sockets or descriptors is readable, at most so many ms; gives which are.
  static func poll(_ sockets: [ZeroMQSocket], _ descriptors: [Int32], milliseconds: Int) -> [Bool] {
    var items = sockets.map { fx_zmq_item(socket: $0.handle, descriptor: 0, events: 1, found: 0) }
    items += descriptors.map { fx_zmq_item(socket: nil, descriptor: $0, events: 1, found: 0) }
    guard fx_zmq_poll(&items, Int32(items.count), milliseconds) > 0 else { return items.map { _ in false } }
    return items.map { $0.found != 0 }
  }
}
