import FluxCore
import Glibc

/// Holds what a cell publishes under the limits of jupyter_server, which drops what is above them: in a window of 3 s, 3 MB of
/// `stdout` and `stderr` and 3000 messages; `status` and `execute_input` are free, and a kernel that becomes idle begins anew.
///
/// A first burst goes out at once, the rest as fast as the limit allows, less a margin: a server that is late sees what
/// was sent in more than 3 s as if it came within them. The kernel cannot tell JupyterLab from clients without a limit.
///
/// - Reference: jupyter_server, services/kernels/connection/channels.py, `_limit_rate`.
struct PublishPace {
  /// Bytes of streams a second; nil for no limit.
  let limit: Double?

  /// As `ServerApp.iopub_data_rate_limit` is when nobody sets it, bytes a second.
  static let serverLimit = 1e6
  /// `ServerApp.iopub_msg_rate_limit`, messages a second.
  private static let messageLimit = 1000.0
  /// The server's window is 3 s; ours holds less in more.
  private static let window = 4.0, share = 0.87 * 3, burst = 1.0

  private var bytes: Allowance, messages: Allowance

  /// - Parameter limit: bytes a second that the front end lets through; nil for all.
  init(limit: Double? = Self.serverLimit) {
    self.limit = limit
    let bytesPerSecond = limit ?? .infinity
    bytes = Allowance(burst: Self.burst * bytesPerSecond, window: Self.window, most: Self.share * bytesPerSecond)
    messages = Allowance(burst: Self.burst * Self.messageLimit, window: Self.window, most: Self.share * Self.messageLimit)
  }

  /// `FLUXBRIDGE_OUTPUT_RATE`: bytes a second as `ServerApp.iopub_data_rate_limit`, 0 for no limit.
  ///
  /// - Returns: nil for what is no such number.
  static func fromEnvironment(_ text: String? = getenv("FLUXBRIDGE_OUTPUT_RATE").map { String(cString: $0) }) -> PublishPace? {
    guard let text, !text.isEmpty else { return PublishPace() }
    guard let rate = Double(text), rate == 0 || (rate >= 1000 && rate.isFinite) else { return nil }
    return PublishPace(limit: rate == 0 ? nil : rate)
  }

  /// How long a letter has to wait, s; 0 for not at all.
  mutating func delay(_ letter: Letter, now: Double) -> Double {
    guard limit != nil, Self.isLimited(letter) else { return 0 }
    return max(messages.delay(1, now), letter.type == "stream" ? bytes.delay(Double(letter.size), now) : 0)
  }

  /// A letter has been sent.
  mutating func note(_ letter: Letter, now: Double) {
    guard limit != nil else { return }
    if letter.isIdle {
      bytes.refill()
      messages.refill()
    } else if letter.type != "status", letter.type != "execute_input" {
      messages.take(1, now)
      if letter.type == "stream" { bytes.take(Double(letter.size), now) }
    }
  }

  /// What ends a cell and answers are few, and do not wait.
  private static func isLimited(_ letter: Letter) -> Bool {
    ["stream", "display_data", "update_display_data", "clear_output"].contains(letter.type)
  }

  /// So much at once, and in any window no more than so much.
  private struct Allowance {
    let burst, window, most: Double
    private var left: Double
    private var began: Double?
    /// When something was sent, and when `left` was looked at.
    private var last = 0.0, lastLook = 0.0
    /// What was sent within the window, and its sum: a few large amounts could pass `left` and yet be too much together.
    private var recent: [(time: Double, amount: Double)] = []
    private var sum = 0.0

    init(burst: Double, window: Double, most: Double) {
      self.burst = burst
      self.window = window
      self.most = most
      left = burst
    }

    mutating func refill() {
      left = burst
      began = nil
      recent = []
      sum = 0
    }

    /// While the burst lies within the window there is less for what comes after it.
    private func rate(_ now: Double) -> Double {
      guard let began, now - began < window else { return most / window }
      return (most - burst) / window
    }

    mutating func delay(_ amount: Double, _ now: Double) -> Double {
      guard began != nil else { return 0 }
      if now - last >= window {  // long silence: all is forgotten
        refill()
        return 0
      }
      let need = min(amount, most)
      // What is not used is not saved up, but for one that is large itself.
      left = min(left + rate(now) * (now - lastLook), max(need, burst / 16, left))
      lastLook = now
      return max(left >= need ? 0 : (need - left) / rate(now), untilRoom(need, now))
    }

    /// Until so much has left the window that this fits into it, s.
    private mutating func untilRoom(_ amount: Double, _ now: Double) -> Double {
      let gone = recent.prefix { $0.time <= now - window }
      sum -= gone.reduce(0) { $0 + $1.amount }
      recent.removeFirst(gone.count)
      var over = sum + amount - most
      for sent in recent {
        if over <= 0 { return 0 }
        over -= sent.amount
        if over <= 0 { return sent.time + window - now }
      }
      return 0
    }

    mutating func take(_ amount: Double, _ now: Double) {
      recent.append((now, amount))
      sum += amount
      if began == nil {
        began = now
        lastLook = now
      }
      last = now
      left -= amount
    }
  }
}
