import FluxCore
import Glibc
import Synchronization

/// All sockets of the kernel, in a thread of its own: heartbeat, control and the front end's questions stay alive while the
/// interpreter computes.
///
/// Signals are blocked in it: they belong to the interpreter's thread.
final class KernelWire: @unchecked Sendable {
  let inbox = Inbox()
  let outbox: Outbox
  /// Of frames that were no message, or not signed with our key.
  let dropped = Atomic<Int>(0)

  private let signature: MessageSignature
  private let shell, control, publish, input, heartbeat: ZeroMQSocket
  private let wake: Pipe
  private let capture: OutputCapture?
  private let parent: pid_t?
  /// Answers what control asks and needs no interpreter.
  private let information: JSONText
  private let log: @Sendable (String) -> Void
  // Of the wire's thread alone.
  private var backlog: [Outbox.Letter] = []
  /// Signatures that were seen: a message that was overheard cannot be sent again.
  private var seen: Set<[UInt8]> = []
  private var blockedSince: Double?
  private var endsBy: Double?
  private let interpreterHasEnded = Atomic<Bool>(false)
  private var thread = pthread_t()

  /// How long a slow front end may hold up what is published, s; then its messages are dropped.
  private static let patience = 10.0

  /// Binds all sockets.
  ///
  /// - Throws: ``FluxError`` where ZeroMQ is missing or an address is taken.
  init(_ connection: ConnectionFile, information: JSONText, capture: OutputCapture?, log: @escaping @Sendable (String) -> Void) throws {
    let context = try ZeroMQContext()
    func bound(_ kind: ZeroMQSocket.Kind, _ port: Int) throws -> ZeroMQSocket {
      let socket = try ZeroMQSocket(kind, context)
      try socket.bind(connection.endpoint(port))
      return socket
    }
    shell = try bound(.router, connection.shell)
    control = try bound(.router, connection.control)
    publish = try bound(.publisher, connection.publish)
    input = try bound(.router, connection.input)
    heartbeat = try bound(.router, connection.heartbeat)
    signature = MessageSignature(key: connection.key)
    wake = try Pipe()
    _ = fcntl(wake.writer, F_SETFL, O_NONBLOCK)  // a full pipe wakes as well
    outbox = Outbox(wake: wake.writer)
    self.capture = capture
    self.information = information
    self.log = log
    // A front end that was killed tells nobody; the kernel then ends by itself.
    let own = getenv("JPY_PARENT_PID").flatMap { pid_t(String(cString: $0)) }
    parent = own == getppid() ? own : nil
  }

  func start() throws {
    var all = sigset_t(), before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let status = pthread_create(&thread, nil, { wire in
      Unmanaged<KernelWire>.fromOpaque(wire!).takeRetainedValue().serve()
      return nil
    }, Unmanaged.passRetained(self).toOpaque())
    guard status == 0 else { throw FluxError("no thread: \(String(cString: strerror(status)))", at: "kernel") }
  }

  /// The interpreter has come to its end: sends what is left and waits for it.
  func finish() {
    interpreterHasEnded.store(true, ordering: .releasing)
    var one: UInt8 = 1
    _ = Glibc.write(wake.writer, &one, 1)
    pthread_join(thread, nil)
  }

  // MARK: The wire's thread

  private func serve() {
    var wait = 1.0
    while true {
      let sockets = [shell, control, input, publish, heartbeat]
      var descriptors = [wake.reader]
      if let capture, !outbox.isFull { descriptors.append(capture.output); descriptors.append(capture.error) }
      let ready = ZeroMQSocket.poll(sockets, descriptors, milliseconds: max(1, Int(wait * 1000)))
      if ready[4] { echo() }
      if ready[1] { take(from: control, .control) }
      if ready[0] { take(from: shell, .shell) }
      if ready[2] { take(from: input, .input) }
      if ready[3] { welcome() }
      if ready[5] {
        var rings = [UInt8](repeating: 0, count: 256)
        _ = read(wake.reader, &rings, rings.count)
      }
      if ready.count > 6, ready[6] || ready[7] { capture?.drain(into: outbox) }
      wait = deliver()
      if let parent, getppid() != parent { end(afterSeconds: 0.5) }
      if interpreterHasEnded.load(ordering: .acquiring), backlog.isEmpty, outbox.take().letters.isEmpty { return }
      if let endsBy {
        wait = min(wait, 0.05)
        if MonotonicClock.seconds > endsBy { _exit(0) }
      }
    }
  }

  /// Sends what is ready; gives the seconds until there may be more.
  private func deliver() -> Double {
    let (letters, wait) = outbox.take()
    backlog += letters
    var sent = 0
    while sent < backlog.count {
      let letter = backlog[sent]
      let socket = switch letter.channel {
      case .shell: shell
      case .control: control
      case .publish: publish
      case .input: input
      }
      let frames = JupyterMessage.frames(
        letter.identities, letter.type, parent: letter.parent, letter.content, metadata: letter.metadata, signature)
      guard socket.send(frames) else {
        if letter.channel != .publish {  // a client that does not read its answers
          sent += 1
          continue
        }
        let since = blockedSince ?? MonotonicClock.seconds
        blockedSince = since
        if MonotonicClock.seconds - since > Self.patience {
          log("a front end is too slow: what is published is dropped for it")
          publish.waitForSubscribers(false)
          continue
        }
        break
      }
      if letter.channel == .publish, blockedSince != nil {
        blockedSince = nil
        publish.waitForSubscribers(true)
      }
      sent += 1
    }
    backlog.removeFirst(sent)
    if backlog.isEmpty { outbox.settled() }
    return min(backlog.isEmpty ? 1 : 0.005, wait ?? 1)
  }

  private func echo() {
    while let frames = heartbeat.receive() { if !frames.isEmpty { _ = heartbeat.send(frames) } }
  }

  /// A subscriber has come: it may rely on hearing everything from now on.
  private func welcome() {
    while let frames = publish.receive() {
      guard let first = frames.first, first.first == 1 else { continue }
      let topic = Array(first.dropFirst())
      let content = JSONText.object([("subscription", .text(String(decoding: topic, as: UTF8.self)))])
      _ = publish.send(JupyterMessage.frames([topic], "iopub_welcome", parent: [], content, signature))
    }
  }

  private func take(from socket: ZeroMQSocket, _ channel: Outbox.Channel) {
    while let frames = socket.receive() {
      guard let message = JupyterMessage(frames, signature), isNew(message) else {
        let count = dropped.wrappingAdd(1, ordering: .relaxed).newValue
        if [1, 10, 100, 1000, 10_000].contains(count) || count % 100_000 == 0 {
          log("dropped a message that is malformed, not signed with our key or sent twice (\(count) so far)")
        }
        continue
      }
      switch (channel, message.type) {
      case (.input, "input_reply"): inbox.answer(message.content["value"]?.string ?? "")
      case (.input, _): break
      case (_, "shutdown_request"): shutDown(message, channel)
      case (_, "interrupt_request"): answer(message, channel) { kill(getpid(), SIGINT) }
      case (.control, "kernel_info_request"): answer(message, channel, "kernel_info_reply", information)
      default: inbox.add(Inbox.Request(message: message, channel: channel))
      }
    }
  }

  private func isNew(_ message: JupyterMessage) -> Bool {
    guard !message.signature.isEmpty else { return true }
    if seen.count >= 1 << 16 { seen.removeAll(keepingCapacity: true) }
    return seen.insert(message.signature).inserted
  }

  /// Answers without the interpreter.
  private func answer(
    _ message: JupyterMessage, _ channel: Outbox.Channel, _ type: String = "interrupt_reply", _ content: JSONText = .object([("status", .text("ok"))]),
    _ act: () -> Void = {}
  ) {
    status("busy", message)
    act()
    outbox.send(Outbox.Letter(channel: channel, identities: message.identities, type: type, parent: message.header, content: content))
    status("idle", message)
  }

  private func status(_ state: String, _ message: JupyterMessage) {
    outbox.send(
      Outbox.Letter(
        channel: .publish, identities: [Array("status".utf8)], type: "status", parent: message.header,
        content: .object([("execution_state", .text(state))])))
  }

  private func shutDown(_ message: JupyterMessage, _ channel: Outbox.Channel) {
    let content = JSONText.object([("status", .text("ok")), ("restart", .flag(message.content["restart"]?.boolean ?? false))])
    answer(message, channel, "shutdown_reply", content)
    outbox.send(
      Outbox.Letter(channel: .publish, identities: [Array("shutdown".utf8)], type: "shutdown_reply", parent: message.header, content: content))
    end(afterSeconds: 2)
  }

  /// Lets the interpreter come to its end, and ends the process if it does not.
  private func end(afterSeconds seconds: Double) {
    guard endsBy == nil else { return }
    endsBy = MonotonicClock.seconds + seconds
    inbox.close()
    outbox.close()
    kill(getpid(), SIGINT)
  }
}
