import FluxCore
import LuaRuntime

extension Console {
  /// `:locals [frame]`: the variables where the last error was raised; also in the table `_locals`.
  func locals(_ argument: String) throws {
    let frames = lastError?.frames(in: session) ?? []
    guard !frames.isEmpty else { return print("no error yet whose variables could be shown") }
    let number = argument.isEmpty ? 1 : Int(argument) ?? 0
    guard frames.indices.contains(number - 1) else {
      throw FluxError("frame '\(argument)'", at: ":locals", expected: "a number from 1, the innermost, to \(frames.count)")
    }
    let frame = frames[number - 1]
    print(output.heading("\(frame.place)\(frame.name.map { " in \($0)" } ?? "")"))
    var table = LuaTable()
    let width = frame.variables.map(\.name.count).max() ?? 0
    for (name, value) in frame.variables {
      table.fields.append((name, value))
      print("  \(name)\(String(repeating: " ", count: width - name.count))  \(values.line(value, columns: reader.columns - width - 4))")
    }
    if frame.variables.isEmpty { print("  no local variables") }
    session.set("_locals", table)
    for (i, other) in frames.enumerated() where i != number - 1 {
      print(output.faint(":locals \(i + 1)  \(other.place)\(other.name.map { " in \($0)" } ?? "")"))
    }
  }
}
