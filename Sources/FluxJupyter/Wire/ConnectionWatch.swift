import FluxCore
import Glibc
internal import CLateLibraries

/// Ends connections over which a message comes that is too long, before it is whole.
///
/// ZeroMQ hands a message over when its last frame is there and keeps the frames until then, however many: who reads the
/// socket cannot bound that. So the system is asked how many bytes have come over each connection since its last message.
/// (Local sockets, `ipc`, cannot be asked; their files are the user's own.) Of the wire's thread alone.
final class ConnectionWatch {
  private struct Connection {
    /// Our own descriptor of it: the number that ZeroMQ tells may have another meaning when we hear it.
    let descriptor: Int32
    /// Bytes that had come with its last message.
    var settled: Int64
    /// What `settled` was when it was found to have too much: once more is looked, after what is there has been taken.
    var suspect: Int64?
  }

  /// Readable when there is something to look at.
  let arrivals: Int32
  let monitors: [ZeroMQSocket]
  private var connections: [Int32: Connection] = [:]
  /// When to give back the memory of something long.
  private var trimsAt: Double?
  private static let untilFreed = 0.5, muchMemory: Int64 = 1 << 20

  /// What may come without a message; a frame of the longest kind and a little more.
  static let mostBytes = Int64(ZeroMQSocket.longestMessage + (64 << 10))

  /// - Throws: ``FluxError`` without descriptors.
  init(_ sockets: [ZeroMQSocket]) throws {
    monitors = try sockets.enumerated().map { try $0.element.monitor("inproc://monitor-\($0.offset)") }
    arrivals = fx_arrivals_open()
    guard arrivals >= 0 else { throw FluxError("no descriptor: \(String(cString: strerror(errno)))", at: "kernel") }
  }

  deinit {
    for connection in connections.values { close(connection.descriptor) }
    close(arrivals)
  }

  /// A message has come over a connection.
  func settle(_ connection: Int32) {
    guard let known = connections[connection] else { return }
    let bytes = fx_arrivals_bytes(known.descriptor)
    if bytes - known.settled > Self.muchMemory { trimsAt = MonotonicClock.seconds + Self.untilFreed }
    connections[connection]?.settled = bytes
  }

  /// Looks at what has come and gone.
  ///
  /// - Returns: how many connections were ended, and after how many seconds to look once more.
  func look() -> (ended: Int, wait: Double) {
    for monitor in monitors { while let (number, isNew) = monitor.connection() { note(number, isNew) } }
    var numbers = [Int32](repeating: 0, count: 64), ended = 0
    let suspects = connections.filter { $0.value.suspect != nil }.map(\.key)
    let count = Int(fx_arrivals_take(arrivals, &numbers, 64))
    var wait = 1.0
    for number in Set(numbers[..<count]).union(suspects) {
      guard let connection = connections[number] else { continue }
      let isLong = fx_arrivals_bytes(connection.descriptor) - connection.settled > Self.mostBytes
      if isLong, connection.suspect == connection.settled {
        fx_arrivals_end(connection.descriptor)
        connections[number]?.settled = .max / 2
        ended += 1
        trimsAt = MonotonicClock.seconds + Self.untilFreed
      }
      connections[number]?.suspect = isLong ? connection.settled : nil
      if isLong { wait = 0 }
    }
    if let time = trimsAt {
      let left = time - MonotonicClock.seconds
      if left <= 0 {
        trimsAt = nil
        fx_arrivals_trim()
      } else {
        wait = min(wait, left)
      }
    }
    return (ended, wait)
  }

  private func note(_ number: Int32, _ isNew: Bool) {
    if let gone = connections.removeValue(forKey: number) {
      if fx_arrivals_bytes(gone.descriptor) - gone.settled > Self.muchMemory { trimsAt = MonotonicClock.seconds + Self.untilFreed }
      close(gone.descriptor)
    }
    guard isNew else { return }
    let own = fx_arrivals_add(arrivals, number, number)
    if own >= 0 { connections[number] = Connection(descriptor: own, settled: 0) }
  }
}
