import FluxCore
import FluxDocument
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
  private let shell, control, input, heartbeat: ZeroMQSocket
  private let publisher: Publisher
  private let watch: ConnectionWatch
  private let wake: Pipe
  private let parent: pid_t?
  /// Answers what control asks and needs no interpreter.
  private let information: JSONText
  private let log: @Sendable (String) -> Void
  // Of the wire's thread alone, once it has started.
  private var capture: OutputCapture?
  /// Signatures that were seen: a message that was overheard cannot be sent again.
  private var seen: Set<[UInt8]> = []
  private var endsBy: Double?
  private let interpreterHasEnded = Atomic<Bool>(false)
  private var thread = pthread_t()

  /// So many letters are sent between two looks at what came.
  private static let mostAtOnce = 50

  /// Binds all sockets.
  ///
  /// - Parameter place: the path of the connection file.
  /// - Throws: ``FluxError`` where ZeroMQ is missing or an address is taken.
  init(_ connection: ConnectionFile, at place: String, information: JSONText, log: @escaping @Sendable (String) -> Void) throws {
    let context = try ZeroMQContext()
    func bound(_ kind: ZeroMQSocket.Kind, _ port: Int) throws -> ZeroMQSocket {
      let socket = try ZeroMQSocket(kind, context)
      try socket.bind(connection.endpoint(port), at: place)
      return socket
    }
    shell = try bound(.router, connection.shell)
    control = try bound(.router, connection.control)
    let publish = try bound(.publisher, connection.publish)
    input = try bound(.router, connection.input)
    heartbeat = try bound(.router, connection.heartbeat)
    signature = MessageSignature(key: connection.key)
    let pace = PublishPace.fromEnvironment()
    if pace == nil { log("FLUXBRIDGE_OUTPUT_RATE is no number of bytes a second, 1000 or more, or 0 for no limit: taken as 1000000") }
    watch = try ConnectionWatch([shell, control, input, publish, heartbeat])
    publisher = Publisher(publish, signature, pace ?? PublishPace(), log: log)
    wake = try Pipe()
    _ = fcntl(wake.writer, F_SETFL, O_NONBLOCK)  // a full pipe wakes as well
    outbox = Outbox(wake: wake.writer)
    self.information = information
    self.log = log
    // A front end that was killed tells nobody; the kernel then ends by itself.
    let own = getenv("JPY_PARENT_PID").flatMap { pid_t(String(cString: $0)) }
    parent = own == getppid() ? own : nil
  }

  /// - Parameter capture: what C libraries and child programs write, to be published too.
  func start(_ capture: OutputCapture?) throws {
    self.capture = capture
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
      let sockets = [shell, control, input, publisher.socket, heartbeat] + watch.monitors
      var descriptors = [wake.reader, watch.arrivals]
      if let capture, !outbox.isFull { descriptors.append(capture.output); descriptors.append(capture.error) }
      let ready = ZeroMQSocket.poll(sockets, descriptors, milliseconds: Int((wait * 1000).rounded(.up)))
      if ready[4] { echo() }
      if ready[1] { take(from: control, .control) }
      if ready[0] { take(from: shell, .shell) }
      if ready[2] { take(from: input, .input) }
      if ready[3] { publisher.welcome { watch.settle($0) } }
      let own = ready[sockets.count...]
      if own[sockets.count] {
        var rings = [UInt8](repeating: 0, count: 256)
        _ = read(wake.reader, &rings, rings.count)
      }
      if own.count > 2, own[sockets.count + 2] || own[sockets.count + 3] { capture?.drain(into: outbox) }
      let (ended, soonest) = watch.look()
      for _ in 0..<ended { drop("ended a connection over which a message of more than \(ZeroMQSocket.longestMessage >> 20) MiB came") }
      wait = min(deliver(), soonest)
      if let parent, getppid() != parent { end(afterSeconds: 0.5) }
      if interpreterHasEnded.load(ordering: .acquiring), outbox.isEmpty { return }
      if let endsBy {
        wait = min(wait, 0.05)
        if MonotonicClock.seconds > endsBy { _exit(0) }
      }
    }
  }

  /// Sends what is ready; gives the seconds until there may be more.
  private func deliver() -> Double {
    for letter in outbox.takeUrgent() { reply(letter) }
    for _ in 0..<Self.mostAtOnce {
      let (next, wait) = outbox.next()
      guard let letter = next else { return wait ?? 1 }
      if letter.channel != .publish {
        reply(letter)
      } else if let delay = publisher.send(letter, isPaced: endsBy == nil) {
        return min(delay, 1)
      }
      outbox.sent()
    }
    return 0
  }

  /// To one client; of one that does not read its answers they are lost.
  private func reply(_ letter: Letter) {
    let socket = switch letter.channel {
    case .control: control
    case .input: input
    case .shell, .publish: shell
    }
    _ = socket.send(JupyterMessage.frames(letter, signature))
  }

  private func echo() {
    while let frames = heartbeat.receive() {
      watch.settle(heartbeat.source)
      if !frames.isEmpty { _ = heartbeat.send(frames) }
    }
  }

  private func take(from socket: ZeroMQSocket, _ channel: Letter.Channel) {
    while let frames = socket.receive() {
      watch.settle(socket.source)
      guard let message = JupyterMessage(frames, signature), isNew(message) else {
        drop("dropped a message that is malformed, too long, not signed with our key or sent twice")
        continue
      }
      switch (channel, message.type) {
      case (.input, "input_reply"): inbox.answer(message.content["value"]?.string ?? "")
      case (.input, _): break
      case (_, "shutdown_request"): shutDown(message, channel)
      case (_, "interrupt_request"): answer(message, channel) { Self.interrupt() }
      case (.control, "kernel_info_request"): answer(message, channel, "kernel_info_reply", information)
      default: inbox.add(Inbox.Request(message: message, channel: channel))
      }
    }
  }

  /// Counts what was dropped, and tells of it now and then.
  private func drop(_ what: String) {
    let count = dropped.wrappingAdd(1, ordering: .relaxed).newValue
    if [1, 10, 100, 1000, 10_000].contains(count) || count % 100_000 == 0 { log("\(what) (\(count) so far)") }
  }

  private func isNew(_ message: JupyterMessage) -> Bool {
    guard !message.signature.isEmpty else { return true }
    if seen.count >= 1 << 16 { seen.removeAll(keepingCapacity: true) }
    return seen.insert(message.signature).inserted
  }

  /// Answers without the interpreter.
  private func answer(
    _ message: JupyterMessage, _ channel: Letter.Channel, _ type: String = "interrupt_reply", _ content: JSONText = .object([("status", .text("ok"))]),
    _ act: () -> Void = {}
  ) {
    outbox.send(.status("busy", parent: message.header))
    act()
    outbox.send(Letter(channel, to: message.identities, type, parent: message.header, content, isUrgent: true))
    outbox.send(.status("idle", parent: message.header))
  }

  private func shutDown(_ message: JupyterMessage, _ channel: Letter.Channel) {
    let content = JSONText.object([("status", .text("ok")), ("restart", .flag(message.content["restart"]?.boolean ?? false))])
    answer(message, channel, "shutdown_reply", content)
    outbox.send(.published("shutdown_reply", content, parent: message.header))
    end(afterSeconds: 2)
  }

  /// As Ctrl-C at a terminal does: front ends start a kernel as the leader of a group, to which its child programs belong.
  private static func interrupt() { kill(getpgrp() == getpid() ? 0 : getpid(), SIGINT) }

  /// Lets the interpreter come to its end, and ends the process if it does not.
  private func end(afterSeconds seconds: Double) {
    guard endsBy == nil else { return }
    endsBy = MonotonicClock.seconds + seconds
    inbox.close()
    outbox.close()
    kill(getpid(), SIGINT)
  }
}
