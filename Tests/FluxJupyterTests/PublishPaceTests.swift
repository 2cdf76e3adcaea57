import Testing

@testable import FluxJupyter

@Suite("The pace of what is published")
struct PublishPaceTests {
  private func text(_ count: Int) -> Letter { .text(String(repeating: "x", count: count), of: "stdout", parent: []) }

  /// Publishes equal letters as fast as the pace allows; gives when each went, s.
  private func times(_ letter: Letter, seconds: Double, _ pace: PublishPace = PublishPace()) -> [Double] {
    var pace = pace, now = 100.0, times: [Double] = []
    while now < 100 + seconds {
      let delay = pace.delay(letter, now: now)
      if delay > 0 {
        now += delay + 1e-6
        continue
      }
      pace.note(letter, now: now)
      times.append(now)
      now += 1e-5
    }
    return times
  }

  /// The most that went within any 3 s: what jupyter_server counts.
  private func most(_ times: [Double], window: Double = 3) -> Int {
    var most = 0, first = 0
    for (i, time) in times.enumerated() {
      while time - times[first] > window { first += 1 }
      most = max(most, i - first + 1)
    }
    return most
  }

  @Test("no 3 s hold more than jupyter_server lets through, and a long text still goes at half of that or more", arguments: [100, 1000, 32768, 700_000])
  func bytes(_ count: Int) {
    let letter = text(count), times = times(letter, seconds: 20)
    #expect(most(times) * letter.size <= 3_000_000 && most(times) <= 3000)
    let bytes = times.count * letter.size
    #expect(count < 500 || bytes > 10_000_000, "\(bytes)")
  }

  @Test("a server that comes 0.9 s late still counts no more than its limit")
  func late() {
    let letter = text(32768)
    #expect(most(times(letter, seconds: 20), window: 3.9) * letter.size <= 3_000_000)
  }

  @Test("a megabyte goes at once; so it does in the next cell, and after a silence")
  func burst() {
    var pace = PublishPace()
    let letter = text(32768)
    func atOnce(_ now: Double) -> Int {
      var count = 0
      while pace.delay(letter, now: now) == 0 {
        pace.note(letter, now: now)
        count += 1
      }
      return count * letter.size
    }
    #expect(atOnce(1) > 960_000)
    #expect(atOnce(1.01) == 0)
    pace.note(.status("idle", parent: []), now: 1.02)
    #expect(atOnce(1.02) > 960_000)
    #expect(atOnce(6) > 960_000)
  }

  @Test("pictures are counted by number, not by bytes; status, errors and results never wait")
  func kinds() {
    let picture = Letter.published("display_data", .text(String(repeating: "x", count: 5_000_000)), parent: [])
    var pace = PublishPace()
    for _ in 0..<500 { pace.note(picture, now: 1) }
    #expect(pace.delay(picture, now: 1) == 0)
    #expect(most(times(.published("display_data", .null, parent: []), seconds: 10)) <= 3000)
    for _ in 0..<5000 { pace.note(text(32768), now: 1) }
    for type in ["status", "error", "execute_result", "execute_input"] { #expect(pace.delay(.published(type, .null, parent: []), now: 1) == 0) }
  }

  @Test("the environment sets the limit, or lifts it")
  func environment() {
    #expect(PublishPace.fromEnvironment(nil)?.limit == 1e6 && PublishPace.fromEnvironment("")?.limit == 1e6)
    #expect(PublishPace.fromEnvironment("5e6")?.limit == 5e6)
    #expect(PublishPace.fromEnvironment("0").map { $0.limit == nil } == true)
    for wrong in ["fast", "-1", "1", "inf", "nan"] { #expect(PublishPace.fromEnvironment(wrong) == nil) }
    #expect(times(text(32768), seconds: 0.1, PublishPace(limit: nil)).count > 5000)
  }
}
