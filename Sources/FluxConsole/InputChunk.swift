import LuaRuntime

/// An input made runnable: as an expression first, then as a statement.
package struct InputChunk {
  package let function: LuaFunction
  /// A `;` at the end: nothing is printed.
  let isSilent: Bool

  /// - Throws: ``LuaError`` of kind `syntax`; `isIncomplete` when more lines may mend it.
  package init(_ text: String, name: String, in session: LuaSession) throws {
    let expressionError: LuaError
    do {
      function = try session.load("return " + text, name: "=" + name)
      isSilent = text.last == ";" && (try? session.load("return " + text + ";", name: "=")) == nil
      return
    } catch let error as LuaError { expressionError = error }
    isSilent = text.last == ";"
    let returned = Self.lastExpressionReturned(text, name, session)
    do {
      let statement = try session.load(text, name: "=" + name)
      function = returned ?? statement
    } catch let error as LuaError {
      guard let returned else { throw Self.better(error, expressionError, text) }
      function = returned
    }
  }

  /// Whether Enter should go on with another line.
  static func isIncomplete(_ text: String, in session: LuaSession) -> Bool {
    do {
      _ = try InputChunk(text, name: "input", in: session)
      return false
    } catch let error as LuaError {
      if case .syntax(isIncomplete: true) = error.kind { return true }
      return false
    } catch { return false }
  }

  /// Of several lines, the last ones may be an expression whose value is wanted. Only lines that begin with a letter
  /// are tried: `f` and `(x)` below each other are a call. What follows `return` must be an expression by itself, so that
  /// no block is left early.
  private static func lastExpressionReturned(_ text: String, _ name: String, _ session: LuaSession) -> LuaFunction? {
    var end = text.endIndex
    for _ in 0..<100 {
      guard let lineBreak = text[..<end].lastIndex(of: "\n") else { return nil }
      end = lineBreak
      let rest = text[text.index(after: lineBreak)...]
      guard rest.first?.isLetter ?? false, (try? session.load("return " + rest, name: "=")) != nil else { continue }
      return try? session.load(text[...lineBreak] + "return " + rest, name: "=" + name)
    }
    return nil
  }

  /// The message that helps more. A text that no statement begins with is judged as an expression.
  private static func better(_ statement: LuaError, _ expression: LuaError, _ text: String) -> LuaError {
    if case .syntax(isIncomplete: true) = statement.kind { return statement }
    let first = LuaTokens(text).all.first { if case .comment = $0.kind { false } else { true } }
    let isNoStatement = statement.message.contains("unexpected symbol near '\(first?.text ?? "")'")
    let endsAsExpression = statement.message.contains("syntax error near")
    guard isNoStatement || endsAsExpression else { return statement }
    if case .syntax(isIncomplete: true) = expression.kind { return expression }
    return expression.message.contains("<eof>") ? statement : expression
  }
}
