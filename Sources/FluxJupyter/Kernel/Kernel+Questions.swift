import FluxConsole
import FluxCore
import FluxDocument
import Glibc
import LuaRuntime

/// What a front end asks while the user types. Positions count code points.
extension Kernel {
  private func text(_ content: JSONText) -> (code: String, before: String) {
    let code = content["code"]?.string ?? ""
    let scalars = code.unicodeScalars
    let position = max(0, min(content["cursor_pos"]?.whole ?? scalars.count, scalars.count))
    return (code, String(String.UnicodeScalarView(scalars.prefix(position))))
  }

  /// `complete_request`.
  func completion(_ content: JSONText) -> JSONText {
    let (_, before) = text(content)
    let completion = Completion(after: before, in: session, hidden: console.hiddenNames)
    var names = completion.candidates
    if names.isEmpty, completion.takesFiles { names = Self.files(completion.word) }
    let end = before.unicodeScalars.count
    return .object([
      ("status", .text("ok")), ("matches", .list(names.map { .text($0) })), ("metadata", .object([])),
      ("cursor_start", .integer(end - completion.word.unicodeScalars.count)), ("cursor_end", .integer(end)),
    ])
  }

  /// The files and folders whose path begins so.
  private static func files(_ word: String) -> [String] {
    let folder = word.lastIndex(of: "/").map { String(word[...$0]) } ?? ""
    let beginning = word.dropFirst(folder.count)
    guard let directory = opendir(folder.isEmpty ? "." : folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory), names.count < 1000 {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      guard name.hasPrefix(beginning), !name.hasPrefix(".") || beginning.hasPrefix(".") else { continue }
      names.append(folder + name + (entry.pointee.d_type == UInt8(DT_DIR) ? "/" : ""))
    }
    return names.sorted()
  }

  /// `inspect_request`: the help of the name at the cursor, or of the call that it stands in.
  func inspection(_ content: JSONText) -> JSONText {
    let (code, before) = text(content)
    let help = InspectedName.candidates(code, at: before.utf8.count).lazy.compactMap { try? self.console.helpPage($0) }.first
    return .object([
      ("status", .text("ok")), ("found", .flag(help != nil)), ("metadata", .object([])),
      ("data", help.map { Self.forms($0.text, [$0.form]) } ?? .object([])),
    ])
  }

  /// `is_complete_request`.
  func completeness(_ content: JSONText) -> JSONText {
    let code = content["code"]?.string ?? ""
    guard case .lua(let lua) = InputText(code) else { return .object([("status", .text("complete"))]) }
    do {
      _ = try InputChunk(lua, name: "input", in: session)
      return .object([("status", .text("complete"))])
    } catch let error as LuaError {
      guard case .syntax(isIncomplete: true) = error.kind else { return .object([("status", .text("invalid"))]) }
      let indent = String(repeating: " ", count: InputIndentation.of(code).next)
      return .object([("status", .text("incomplete")), ("indent", .text(indent))])
    } catch { return .object([("status", .text("unknown"))]) }
  }
}
