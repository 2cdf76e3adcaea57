import Foundation
import Testing

/// The console inside a whole terminal, with its screen, as a user sees it.
@Suite("The console in tmux", .serialized, .enabled(if: access(Tmux.path, X_OK) == 0, "needs tmux"))
struct TmuxTests {
  @Test("blocks are drawn with their indentation, and taken back as one by Up")
  func blocks() throws {
    let tmux = try Tmux()
    defer { tmux.close() }
    for line in ["for i = 1, 2 do", "if i == 2 then", "print('i is', i)", "end", "end"] { tmux.type(line + "\r") }
    try tmux.wait("i is    2")
    #expect(tmux.screen.contains("1> for i = 1, 2 do\n  if i == 2 then\n    print('i is', i)\n  end\nend\ni is    2\n2>"), "\(tmux.screen)")
    tmux.keys("Up", "Enter")
    try tmux.wait("3>")
    #expect(tmux.screen.contains("2> for i = 1, 2 do\n  if i == 2 then\n    print('i is', i)\n  end\nend\ni is    2\n3>"), "\(tmux.screen)")
  }

  @Test("a bracketed paste waits for Enter, whole on the screen")
  func paste() throws {
    let tmux = try Tmux()
    defer { tmux.close() }
    let text = (["function thirty(x)"] + (1...28).map { "  x = x + \($0)" } + ["  return x", "end"]).joined(separator: "\n")
    try tmux.paste(text)
    try tmux.wait("  return x\nend")
    #expect(!tmux.screen.contains("2>"))
    tmux.type("\r")
    try tmux.wait("2>")
    tmux.type("thirty(0)\r")
    try tmux.wait("406\n3>")
  }

  @Test("Tab lists the options of a call, Ctrl-C leaves the line on the screen")
  func completion() throws {
    let tmux = try Tmux()
    defer { tmux.close() }
    tmux.type("optim.adam{ be\t")
    try tmux.wait("beta1 =   beta2 =")
    tmux.keys("C-c")
    try tmux.wait("^C\n1>")
    tmux.type("#regions.reccap2():only{\"SE\t}\r")
    try tmux.wait("1> #regions.reccap2():only{\"SEAS\"}\n1\n2>")
  }

  @Test("Ctrl-C stops a loop in a coroutine, and the prompt is there again")
  func interrupt() throws {
    let tmux = try Tmux()
    defer { tmux.close() }
    tmux.type("loop = coroutine.wrap(function() print('lo'..'op') while true do pcall(error) end end)\r")
    try tmux.wait("2>")
    tmux.type("loop()\r")
    try tmux.wait("\nloop\n")
    tmux.keys("C-c")
    try tmux.wait("interrupted at input 1:1\n3>")
    tmux.type("6 * 7\r")
    try tmux.wait("42\n4>")
  }

  @Test("a narrower window, with a line half typed, and a wider one again leave a right screen and a right input")
  func resize() throws {
    let tmux = try Tmux()
    defer { tmux.close() }
    tmux.type("'0123456789012345678901234567890123456789'")
    try tmux.wait("6789'")
    try tmux.resize(30)
    tmux.type(" .. 'end'")
    try tmux.wait("'end'")
    try tmux.resize(100)
    tmux.type(" .. '.'\r")
    try tmux.wait("0123456789012345678901234567890123456789end.\n2>")
  }

  @Test("an input comes back in the next session")
  func history() throws {
    let folder = try ScriptFolder(["a": ""])
    let first = try Tmux(history: "\(folder.path)/history")
    first.type("'kept ' .. 'input'\r")
    try first.wait("kept input\n2>")
    first.keys("C-d")
    first.close()
    let second = try Tmux(history: "\(folder.path)/history")
    defer { second.close() }
    second.keys("Up", "Enter")
    try second.wait("kept input\n2>")
  }
}

/// A tmux server of its own with one window, in which the program runs.
final class Tmux {
  static let path = "/usr/bin/tmux"
  private let folder: ScriptFolder
  private let socket: String

  init(history: String = "") throws {
    folder = try ScriptFolder(["tmux.conf": "set -g status off\nset -g escape-time 0\n"])
    socket = "\(folder.path)/socket"
    try start([
      "-f", "\(folder.path)/tmux.conf", "new-session", "-d", "-x", "100", "-y", "60",
      "env NO_COLOR=1 INPUTRC=/dev/null XDG_CONFIG_HOME=/nonexistent FLUXBRIDGE_HISTORY='\(history)' '\(ChildProgram.path)'",
    ])
    try wait("1>")
  }

  /// What stands on the screen, without the blanks at the ends.
  var screen: String {
    let text = (try? run(["capture-pane", "-p"])) ?? ""
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var line = line
      while line.last == " " { line.removeLast() }
      return String(line)
    }.joined(separator: "\n")
  }

  /// Types text; a carriage return is Enter, and keys come one by one as from a hand.
  func type(_ text: String) {
    var text = text
    let ends = text.hasSuffix("\r") || text.hasSuffix("\t")
    let last = ends ? text.removeLast() : nil
    for (i, part) in text.split(separator: "\t", omittingEmptySubsequences: false).enumerated() {
      if i > 0 {
        settle { keys("Tab") }
      }
      _ = try? run(["send-keys", "-l", "--", String(part)])
    }
    Thread.sleep(forTimeInterval: 0.1)  // so that Enter is not taken for part of a paste
    if let last { keys(last == "\r" ? "Enter" : "Tab") }
    Thread.sleep(forTimeInterval: 0.1)
  }

  func keys(_ names: String...) {
    for name in names {
      _ = try? run(["send-keys", name])
      Thread.sleep(forTimeInterval: 0.1)
    }
  }

  func paste(_ text: String) throws {
    let file = "\(folder.path)/paste"
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    try run(["load-buffer", file])
    try run(["paste-buffer", "-p"])
  }

  func resize(_ columns: Int) throws {
    try settle { try run(["resize-window", "-x", "\(columns)"]) }
  }

  /// Waits until the screen has changed after `action` and then stands still for a tenth of a second; for two seconds
  /// at most, since not every key changes it.
  private func settle(_ action: () throws -> Void) rethrows {
    let before = screen, end = Date(timeIntervalSinceNow: 2)
    try action()
    var last = before
    while Date() < end {
      Thread.sleep(forTimeInterval: 0.1)
      let now = screen
      if now != before, now == last { return }
      last = now
    }
  }

  /// Waits until the screen shows `text`.
  func wait(_ text: String, seconds: Double = 20) throws {
    let end = Date(timeIntervalSinceNow: seconds)
    while !screen.contains(text) {
      guard Date() < end else { throw Terminal.Silence(wanted: text, seen: screen) }
      Thread.sleep(forTimeInterval: 0.05)
    }
  }

  /// Not `kill-server`: that one signals itself, and the tests' threads hand on a mask that blocks it.
  func close() { _ = try? run(["kill-session"]) }

  /// The server keeps the descriptors that it was started with: among them must be none of those by which `Process`
  /// notices the end of its child.
  private func start(_ arguments: [String]) throws {
    _ = try ChildProgram(
      ["-c", "for f in /proc/$$/fd/*; do n=${f##*/}; [ $n -gt 2 ] && eval \"exec $n>&-\"; done; exec \"$0\" \"$@\" > /dev/null 2>&1", Self.path, "-S", socket] + arguments, environment: ["TMUX": ""], program: "/bin/bash")
  }

  @discardableResult
  private func run(_ arguments: [String]) throws -> String {
    let child = try ChildProgram(["-S", socket] + arguments, environment: ["TMUX": ""], program: Self.path)
    return child.output
  }
}
