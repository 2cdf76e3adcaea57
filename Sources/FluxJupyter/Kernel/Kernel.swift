import FluxConsole
import FluxCore
import FluxLua
import Glibc
import LuaRuntime

/// The Jupyter kernel: the console's session behind the messages of protocol 5.4.
///
/// The interpreter has the thread that calls ``run()``; all sockets have another (``KernelWire``).
final class Kernel {
  let console: Console
  let wire: KernelWire
  let capture: OutputCapture?
  let history: KernelHistory
  /// Names that `display` has shown something under, in this session.
  var displayed: Set<String> = []

  var session: LuaSession { console.session }

  /// Binds the sockets and makes the session.
  ///
  /// - Throws: ``FluxError`` for a connection file that cannot be used, an address that is taken, where ZeroMQ is missing.
  init(connectionFile: String) throws {
    let connection = try ConnectionFile(path: connectionFile)
    // The front end's log; descriptors 1 and 2 will belong to the cells.
    let logDescriptor = dup(STDERR_FILENO)
    let log: @Sendable (String) -> Void = { text in
      let line = Array("fluxbridge kernel: \(text)\n".utf8)
      _ = line.withUnsafeBytes { Glibc.write(logDescriptor, $0.baseAddress, $0.count) }
    }
    for warning in ConnectionFile.warnings(connectionFile, connection) { log(warning) }
    capture = OutputCapture()
    wire = try KernelWire(connection, information: Self.information, capture: capture, log: log)
    try KernelStreams.redirect()
    let session = FluxLibrary.session()
    session.catchInterrupts(endsProgram: false)
    session.keepLocals()
    let baseline = SessionBaseline(session)
    ScriptPath.prepare(session, script: nil)
    Provenance.setProgram("fluxbridge \(FluxVersion.text)")
    session.set("arg", LuaIndexedTable([(0, "fluxbridge")]))
    console = Console(session, baseline, isTerminal: false, output: .plain, errors: TextStyle(isOn: true))
    history = KernelHistory()
    session.display = { [unowned self] value, name in display(value, name) }
    session.present = { [unowned self] text, forms in present(text, try forms()) }
    Progress.display = { KernelProgress.show($0) }
    session.clearOutput = { [unowned self] waits in publish("clear_output", .object([("wait", .flag(waits))])) }
  }

  /// Answers until a shutdown; gives the exit status.
  func run() throws -> Int32 {
    try wire.start()
    publish("status", .object([("execution_state", .text("starting"))]), parent: [])
    if let file = UserFiles.initFile, access(file, F_OK) == 0 { console.attempt { try session.loadFile(file).call() } }
    while let request = wire.inbox.next() { handle(request) }
    wire.finish()
    return 0
  }

  private func handle(_ request: Inbox.Request) {
    KernelStreams.place = KernelStreams.Place(wire: wire, capture: capture, request: request)
    capture?.parent = request.message.header
    status("busy")
    session.clearInterrupt()  // of before: it was not meant for this
    switch request.message.type {
    case "execute_request": execute(request.message.content)
    case "kernel_info_request": reply("kernel_info_reply", Self.information)
    case "complete_request": reply("complete_reply", completion(request.message.content))
    case "inspect_request": reply("inspect_reply", inspection(request.message.content))
    case "is_complete_request": reply("is_complete_reply", completeness(request.message.content))
    case "history_request": reply("history_reply", history.answer(request.message.content))
    case "comm_info_request": reply("comm_info_reply", .object([("status", .text("ok")), ("comms", .object([]))]))
    case "comm_open":  // no targets are registered: the protocol answers so
      publish("comm_close", .object([("comm_id", request.message.content["comm_id"] ?? .text("")), ("data", .object([]))]))
    default: break
    }
    session.clearInterrupt()
    capture?.drain(into: wire.outbox)
    status("idle")
    KernelStreams.place = nil
  }

  // MARK: Sending

  /// Answers the request that is being handled.
  func reply(_ type: String, _ content: JSONText, metadata: JSONText = .object([])) {
    guard let request = KernelStreams.place?.request else { return }
    send(type, content, to: request)
  }

  func send(_ type: String, _ content: JSONText, to request: Inbox.Request) {
    wire.outbox.send(
      Outbox.Letter(
        channel: request.channel, identities: request.message.identities, type: type, parent: request.message.header, content: content))
  }

  /// Tells all front ends.
  ///
  /// - Parameter parent: the header of what it belongs to; default: the request that is being handled.
  func publish(_ type: String, _ content: JSONText, metadata: JSONText = .object([]), parent: [UInt8]? = nil) {
    capture?.drain(into: wire.outbox)
    wire.outbox.publish(type, content, metadata: metadata, parent: parent ?? KernelStreams.place?.request.message.header ?? [])
  }

  private func status(_ state: String) { publish("status", .object([("execution_state", .text(state))])) }
}
