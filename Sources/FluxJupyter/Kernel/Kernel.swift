import FluxConsole
import FluxCore
import FluxDocument
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
  /// Tells the front end's own log.
  private let log: @Sendable (String) -> Void
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
    self.log = log
    for warning in ConnectionFile.warnings(connectionFile, connection) { log(warning) }
    wire = try KernelWire(connection, at: connectionFile, information: Self.information, log: log)
    try KernelStreams.redirect()
    capture = OutputCapture()  // after all that can fail: what is written to standard error now belongs to a cell
    let session = FluxLibrary.session()
    session.catchInterrupts(endsProgram: false)
    session.keepLocals()
    let baseline = SessionBaseline(session)
    ScriptPath.prepare(session, script: nil)
    Provenance.setProgram("fluxbridge \(FluxVersion.text)")
    session.set("arg", LuaIndexedTable([(0, "fluxbridge")]))
    console = Console(session, baseline, isTerminal: false, output: .plain, errors: TextStyle(isOn: true))
    history = KernelHistory()
    session.display = { [unowned self] value, name in try display(value, name) }
    session.present = { [unowned self] text, forms in present(text, try forms()) }
    Progress.display = { KernelProgress.show($0) }
    session.clearOutput = { [unowned self] waits in publish("clear_output", .object([("wait", .flag(waits))]), waits: true) }
  }

  /// Answers until a shutdown; gives the exit status.
  func run() -> Int32 {
    do { try wire.start(capture) } catch {
      log("\(error)")
      return 1
    }
    atexit { KernelStreams.leave() }
    status("starting", of: [])
    if let file = UserFiles.initFile, access(file, F_OK) == 0 { console.attempt { try session.loadFile(file).call() } }
    while let request = wire.inbox.next() { handle(request) }
    wire.finish()
    return 0
  }

  private func handle(_ request: Inbox.Request) {
    KernelStreams.place = KernelStreams.Place(wire: wire, capture: capture, request: request)
    capture?.parent = request.message.header
    status("busy", of: request.message.header)
    session.forgetInterrupts()
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
    status("idle", of: request.message.header)
    KernelStreams.place = nil
  }

  // MARK: Sending

  /// Answers the request that is being handled.
  ///
  /// - Parameter isUrgent: before what is still to be published.
  func reply(_ type: String, _ content: JSONText, isUrgent: Bool = false) {
    guard let request = KernelStreams.place?.request else { return }
    send(type, content, to: request, isUrgent: isUrgent)
  }

  func send(_ type: String, _ content: JSONText, to request: Inbox.Request, isUrgent: Bool = false) {
    wire.outbox.send(
      Letter(request.channel, to: request.message.identities, type, parent: request.message.header, content, isUrgent: isUrgent))
  }

  /// Tells all front ends about the request that is being handled.
  ///
  /// - Parameter waits: whether to wait while they are behind, as is right for what a loop may send.
  func publish(_ type: String, _ content: JSONText, waits: Bool = false) {
    capture?.drain(into: wire.outbox)
    wire.outbox.send(.published(type, content, parent: KernelStreams.place?.request.message.header ?? []), waits: waits)
  }

  func status(_ state: String, of header: [UInt8]) {
    capture?.drain(into: wire.outbox)
    wire.outbox.send(.status(state, parent: header))
  }
}
