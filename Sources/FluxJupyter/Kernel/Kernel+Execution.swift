import FluxConsole
import FluxCore
import FluxDocument
import LuaRuntime

extension Kernel {
  /// `execute_request`: runs a cell.
  func execute(_ content: JSONText) {
    let code = content["code"]?.string ?? ""
    let isSilent = content["silent"]?.boolean ?? false
    let isStored = !isSilent && content["store_history"]?.boolean ?? true
    let input = InputText(code)
    if isStored, input != .nothing { history.add(code) }
    let count = JSONText.integer(max(1, console.inputCount + (isStored && input != .nothing ? 1 : 0)))
    if !isSilent { publish("execute_input", .object([("code", .text(code)), ("execution_count", count)])) }
    KernelProgress.begin(isSilent: isSilent)
    defer { KernelProgress.end() }
    var payload: [JSONText] = []
    do {
      if case .help(let topic) = input, !isSilent {
        let page = try console.helpPage(topic)
        payload.append(.object([("source", .text("page")), ("data", Self.forms(page.text, [page.form])), ("start", .integer(0))]))
        if isStored { console.count(code) }
      } else {
        let shown = try console.perform(input, code, isCounted: isStored)
        if !shown.isEmpty, !isSilent {
          if isStored { history.setOutput(shown.map(console.values.full).joined(separator: "\t")) }
          publish("execute_result", .object([("execution_count", count), ("data", try bundle(shown)), ("metadata", .object([]))]))
        }
      }
      if console.isLeaving {
        console.isLeaving = false
        payload.append(.object([("source", .text("ask_exit")), ("keepkernel", .flag(false))]))
      }
      reply("execute_reply", .object([
        ("status", .text("ok")), ("execution_count", count), ("payload", .list(payload)),
        ("user_expressions", expressions(content["user_expressions"])),
      ]), isUrgent: session.wasInterrupted)
    } catch {
      let (name, text, lines) = describe(error)
      let fields: [(name: String, value: JSONText)] = [
        ("ename", .text(name)), ("evalue", .text(text)), ("traceback", .list(lines.map { .text($0) })),
      ]
      if !isSilent { publish("error", .object(fields)) }
      // Before the answer: what a client sends after it is to be run.
      let waiting = content["stop_on_error"]?.boolean ?? true ? wire.inbox.takeExecutions() : []
      reply("execute_reply", .object(
        [("status", .text("error")), ("execution_count", count), ("user_expressions", .object([])), ("payload", .list([]))] + fields),
        isUrgent: error is Interrupted)
      callOff(waiting, count)
    }
  }

  /// The cells that wait behind one that failed are not run.
  private func callOff(_ waiting: [Inbox.Request], _ count: JSONText) {
    for request in waiting {
      status("busy", of: request.message.header)
      send("execute_reply", .object([("status", .text("aborted")), ("execution_count", count)]), to: request)
      status("idle", of: request.message.header)
    }
  }

  /// An error's kind, its message, and the lines of the report.
  func describe(_ error: any Error) -> (name: String, text: String, lines: [String]) {
    if error is Interrupted {
      session.clearInterrupt()
      let place = session.interruptPlace
      let text = place.isEmpty ? "interrupted" : "interrupted at \(place)"
      return ("Interrupted", text, [text])
    }
    guard let error = error as? LuaError else { return ("FluxError", "\(error)", "\(error)".split(separator: "\n").map(String.init)) }
    let name = switch error.kind {
    case .syntax: "SyntaxError"
    case .memory: "MemoryError"
    case .runtime, .other: "LuaError"
    }
    return (name, error.message, console.report(error).split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
  }

  private func expressions(_ asked: JSONText?) -> JSONText {
    .object((asked?.fields ?? []).map { field in
      do {
        let values = try console.perform(.lua(field.value.string ?? ""), "", isCounted: false)
        return (field.name, .object([("status", .text("ok")), ("data", try bundle(values)), ("metadata", .object([]))]))
      } catch {
        let (name, text, lines) = describe(error)
        return (field.name, .object([
          ("status", .text("error")), ("ename", .text(name)), ("evalue", .text(text)), ("traceback", .list(lines.map { .text($0) })),
        ]))
      }
    })
  }

  // MARK: Values

  /// `display(value, {id = name})`.
  ///
  /// - Throws: ``Interrupted`` while a picture is drawn.
  func display(_ value: LuaValue, _ name: String?) throws {
    let isUpdate = name.map { !displayed.insert($0).inserted } ?? false
    let transient = JSONText.object(name.map { [("display_id", .text($0))] } ?? [])
    let content = JSONText.object([("data", try bundle([value])), ("metadata", .object([])), ("transient", transient)])
    publish(isUpdate ? "update_display_data" : "display_data", content, waits: true)
  }

  /// Shows forms that no value has by itself, such as a figure in lines.
  func present(_ text: String, _ forms: [RichForm]) {
    publish("display_data", .object([("data", Self.forms(text, forms)), ("metadata", .object([])), ("transient", .object([]))]), waits: true)
  }

  /// The forms of values by media type; plain text is always among them.
  ///
  /// - Throws: ``Interrupted`` while one is made.
  func bundle(_ values: [LuaValue]) throws -> JSONText {
    let text = values.map(console.values.full).joined(separator: "\t")
    guard values.count == 1 else { return Self.forms(text, []) }
    do {
      let forms = try session.richForms(of: values[0])
      guard forms.isEmpty, let table = console.values.records(values[0]) else { return Self.forms(text, forms) }
      return Self.forms(text.contains("\n") ? table.description : text, table.richForms())
    } catch let interruption as Interrupted {
      throw interruption
    } catch {
      StandardStream.error.write("\(error)\n")  // a machine without GMT shows the text
      return Self.forms(text, [])
    }
  }

  static func forms(_ text: String, _ forms: [RichForm]) -> JSONText {
    .object([("text/plain", .text(text))] + forms.map { form in
      switch form.body {
      case .text(let text): (form.mediaType, .text(text))
      case .bytes(let bytes): (form.mediaType, .text(Base64.text(bytes)))
      }
    })
  }
}
