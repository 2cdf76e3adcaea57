/// Requests for the interpreter, in the order that they came.
final class Inbox: @unchecked Sendable {
  struct Request: Sendable {
    let message: JupyterMessage
    /// Where its answer goes.
    let channel: Letter.Channel
  }

  private let monitor = Monitor()
  // Guarded by the monitor.
  private var requests: [Request] = []
  private var isClosed = false
  private var reply: String?
  private var isWaiting = false

  func add(_ request: Request) {
    monitor.locked {
      requests.append(request)
      monitor.broadcast()
    }
  }

  /// Waits for the next; nil when the kernel is to end.
  func next() -> Request? {
    monitor.locked {
      while requests.isEmpty, !isClosed { monitor.wait(seconds: 1) }
      return isClosed ? nil : requests.removeFirst()
    }
  }

  /// Takes out the executions that wait, which an error before them calls off.
  func takeExecutions() -> [Request] {
    monitor.locked {
      let executions = requests.filter { $0.message.type == "execute_request" }
      requests.removeAll { $0.message.type == "execute_request" }
      return executions
    }
  }

  func close() {
    monitor.locked {
      isClosed = true
      monitor.broadcast()
    }
  }

  var isEnding: Bool { monitor.locked { isClosed } }

  // MARK: A line that the user types

  /// What the user typed is here.
  func answer(_ text: String) {
    monitor.locked {
      guard isWaiting else { return }
      reply = text
      monitor.broadcast()
    }
  }

  /// Waits for what the user types.
  ///
  /// - Parameters:
  ///   - ask: sends the question.
  ///   - isStopped: looked at twenty times a second.
  /// - Returns: nil when it was stopped.
  func line(ask: () -> Void, isStopped: () -> Bool) -> String? {
    monitor.locked {
      reply = nil
      isWaiting = true
    }
    ask()
    return monitor.locked {
      while reply == nil, !isClosed, !isStopped() { monitor.wait(seconds: 0.05) }
      isWaiting = false
      return reply
    }
  }
}
