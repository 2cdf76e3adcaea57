import FluxCore
import FluxDocument
import Glibc

/// What happens in a run, one JSON object a line, added to the end of a file: `start`, `epoch`, `member`, `stop`, `end`.
///
/// Lines are written whole, so that a killed run leaves whole lines. Here, and not in results, is where the clock is told.
public final class RunLog {
  public let path: String
  /// Why lines are no longer written, once that happened: a full disk must not end a run.
  public private(set) var failure: String?
  private let file: Int32
  private let gate = Gate()

  /// - Throws: ``FluxError`` when the file cannot be opened for writing.
  public init(path: String) throws {
    self.path = path
    file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      throw FluxError("the log cannot be written: \(String(cString: strerror(errno)))", at: path, expected: "a file in a folder that exists and may be written")
    }
  }

  deinit { if file >= 0 { close(file) } }

  public func write(_ event: String, _ fields: [(name: String, value: JSONText)]) {
    let line = JSONText.object([("event", .text(event)), ("time", .text(Self.clock))] + fields)
    gate.pass { append(line) }
  }

  private func append(_ line: JSONText) {
    guard failure == nil else { return }
    var bytes = Array("\(line)\n".utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      guard written > 0 else {
        if written < 0, errno == EINTR { continue }
        failure = String(cString: strerror(errno))
        return
      }
      bytes = bytes.dropFirst(written)
    }
  }

  /// `2026-11-21T10:45:00Z`.
  private static var clock: String {
    var now = time(nil), parts = tm()
    gmtime_r(&now, &parts)
    var buffer = [CChar](repeating: 0, count: 32)
    let length = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  // MARK: The events

  func start(_ identity: [PlanIdentity.Entry], members: Int, finished: Int, epochsKept: Int) {
    var fields: [(name: String, value: JSONText)] = []
    for attribute in Provenance.attributes(inputs: []) where attribute.name != "seed" { fields.append((attribute.name, .text(attribute.text))) }
    fields.append(("threads", .integer(ThreadPool.threadCount)))
    fields.append(("members", .integer(members)))
    fields.append(("members_kept", .integer(finished)))
    fields.append(("epochs_kept", .integer(epochsKept)))
    fields.append(("plan", .object(identity.map { (name: $0.name, value: JSONText.text($0.value)) })))
    write("start", fields)
  }

  func epoch(_ r: EpochRecord) {
    func losses(_ list: [(term: String, loss: Double)]) -> JSONText { .object(list.map { (name: $0.term, value: JSONText.number($0.loss)) }) }
    var fields: [(name: String, value: JSONText)] = [
      ("variant", .text(r.variant)), ("fold", .integer(r.fold)), ("epoch", .integer(r.epoch)), ("train", losses(r.train)), ("valid", losses(r.valid)),
      ("weights", .object(zip(r.train, r.weights).map { (name: $0.term, value: JSONText.number($1)) })), ("score", .number(r.score)), ("seconds", .number(r.seconds)),
    ]
    fields += r.diagnoses.map { (name: $0.name, value: .number($0.value)) }
    write("epoch", fields)
  }

  func member(_ m: TrainedMember) {
    write("member", [
      ("variant", .text(m.variant)), ("fold", .integer(m.fold + 1)), ("epoch", .integer(m.epoch)), ("steps", .integer(m.steps)),
      ("weights_converged", .flag(m.weightsConverged)),
    ])
  }

  func stop(_ error: any Error) { write("stop", [("reason", .text(error is Interrupted ? "interrupted" : "\(error)"))]) }
}
