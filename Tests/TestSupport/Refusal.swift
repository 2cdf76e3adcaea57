import FluxCore
import LuaRuntime
import Testing

/// Expects that `body` refuses its work with a message that says every one of `part` and `parts`: the value that came,
/// and what was expected. That something is thrown is not enough, for any earlier mistake of the test's own throws too.
package func expectRefusal<Result>(
  _ part: String, _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Result
) {
  guard let message = message(of: body, sourceLocation) else { return }
  for missing in [part] + parts where !message.contains(missing) {
    Issue.record("'\(missing)' is not in the message: \(message)", sourceLocation: sourceLocation)
  }
}

/// The whole message with which `body` refuses its work, for a test that looks at it; empty, and a failure of the test,
/// where it refuses nothing.
package func refusal<Result>(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Result
) -> String {
  message(of: body, sourceLocation) ?? ""
}

private func message<Result>(of body: () throws -> Result, _ sourceLocation: SourceLocation) -> String? {
  do {
    let result = try body()
    Issue.record("nothing was refused; the result is \(result)", sourceLocation: sourceLocation)
  } catch let error where error is FluxError || error is LuaError {
    return "\(error)"
  } catch {
    Issue.record("\(type(of: error)), which is no refusal: \(error)", sourceLocation: sourceLocation)
  }
  return nil
}
