import FluxCore
import Foundation
import Testing

@Suite("The flag of Ctrl-C")
struct InterruptFlagTests {
  private final class Seen: @unchecked Sendable { var value = true }

  @Test("one that is for a thread alone is heard by that thread until it is cleared there, and by no other")
  func alone() {
    let seen = Seen(), done = DispatchSemaphore(value: 0)
    Interrupt.raiseHere()
    Interrupt.raiseHere()
    #expect(Interrupt.isPending && refuses(Interrupt.check))
    Thread {
      seen.value = Interrupt.isPending
      Interrupt.clear()
      done.signal()
    }.start()
    done.wait()
    #expect(!seen.value && Interrupt.isPending)
    Interrupt.clear()
    #expect(!Interrupt.isPending)
  }

  private func refuses(_ body: () throws -> Void) -> Bool { (try? body()) == nil }
}
