import FluxCore
import Glibc
import LuaRuntime

extension Console {
  /// `:time expression`: the median of repeats, at most two seconds of them, and what one run allocates.
  ///
  /// - Throws: the expression's own error; ``Interrupted``.
  func time(_ text: String) throws {
    guard !text.isEmpty else { throw FluxError("nothing to time", at: ":time", expected: ":time expression") }
    let chunk = try InputChunk(text, name: "time", in: session).function
    let repeated = try session.load("local f, n = ... for i = 1, n do f() end", name: "=[fluxbridge]")
    func seconds(_ count: Int) throws -> Double {
      let start = MonotonicClock.seconds
      _ = try repeated.call(chunk, count)
      return MonotonicClock.seconds - start
    }
    let first = try seconds(1)
    let before = session.allocatedBytes
    let second = first < 2 ? try seconds(1) : first
    let after = session.allocatedBytes
    // A batch lasts a millisecond at least, so that the clock and the loop do not count.
    let batch = second < 1e-3 ? min(100_000, max(1, Int(1e-3 / max(second, 1e-8)))) : 1
    let runs = first > 1 ? 1 : min(200, max(3, Int(1 / max(second * Double(batch), 1e-6))))
    var times: [Double] = first >= 2 ? [first] : []
    if times.isEmpty { for _ in 0..<runs { times.append(try seconds(batch) / Double(batch)) } }
    times.sort()
    let median = times.count % 2 == 1 ? times[times.count / 2] : (times[times.count / 2 - 1] + times[times.count / 2]) / 2
    var parts = [Measures.duration(median)]
    if times.count > 1 {
      let of = batch > 1 ? "\(times.count) batches of \(batch)" : "\(times.count) runs"
      parts.append("median of \(of), \(Measures.duration(times[0])) to \(Measures.duration(times[times.count - 1]))")
    } else {
      parts.append("one run")
    }
    if first < 2 {
      let native = after.native - before.native, lua = after.lua - before.lua
      parts.append("allocates \(Measures.bytes(lua)) in Lua" + (native > 0 ? " and \(Measures.bytes(native)) outside" : ""))
    }
    print(parts.joined(separator: "; "))
  }
}
