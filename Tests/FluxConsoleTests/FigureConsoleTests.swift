import FluxFigures
import Foundation
import Glibc
import Testing

/// Figures at the prompt: shown whatever the terminal speaks, and without what draws them.
@Suite("Figures in the console", .serialized)
struct FigureConsoleTests {
  private static let canDraw = GMTLibrary.version != nil && TerminalPicture.reasonMissing == nil
  private static let figure = "figure.lines { runs = { a = tensor { 1, 3, 2 } } }"

  @Test("show draws sixels, kitty's pictures or blocks, as forced, and the prompt comes back",
    .enabled(if: canDraw, "needs GMT and libchafa"), arguments: [
    ("sixels", "\u{1B}P"), ("kitty", "\u{1B}_G"), ("blocks", "▄"),
  ])
  func shown(_ kind: String, _ mark: String) throws {
    let terminal = try Terminal(arguments: [], kind: "xterm-256color", environment: ["NO_COLOR": "1", "FLUXBRIDGE_PICTURES": kind])
    defer { terminal.close() }
    try terminal.wait(for: "1> ")
    terminal.type(Self.figure + ":show()\r")
    // Nobody answers at this terminal: a question to it would wait for ever.
    let seen = try terminal.wait(for: "2> ", seconds: 30)
    #expect(seen.contains(mark) || kind == "blocks" && seen.contains { ("\u{2580}"..."\u{259F}").contains($0) }, "\(seen.suffix(200).debugDescription)")
    terminal.type("20 + 22\r")
    try terminal.wait(for: "42")
  }

  @Test("without libchafa, show says what the figure is and the package; the prompt comes back",
    .enabled(if: canDraw, "needs GMT and libchafa"))
  func withoutPictures() throws {
    let terminal = try Terminal(arguments: [], kind: "xterm-256color", environment: ["NO_COLOR": "1", "FLUXBRIDGE_WITHOUT": "libchafa"])
    defer { terminal.close() }
    try terminal.wait(for: "1> ")
    terminal.type(Self.figure + ":show()\r")
    try terminal.wait(for: "apt-get install libchafa0", seconds: 30)
    try terminal.wait(for: "2> ")
  }

  @Test("a terminal that calls itself dumb is sent words alone")
  func dumb() throws {
    let terminal = try Terminal(arguments: [], kind: "dumb")
    defer { terminal.close() }
    try terminal.wait(for: "1> ")
    terminal.type(Self.figure + ":show()\r")
    let seen = try terminal.wait(for: "This terminal shows no pictures", seconds: 30)
    #expect(seen.contains("Figure [1 × 1] plot") && !seen.contains("\u{1B}["))
  }

  @Test("words of the environment that mean nothing are told once, with those that do")
  func environment() throws {
    let child = try ChildProgram(["-e", "print(20 + 22)"], environment: ["FLUXBRIDGE_WITHOUT": "libgtm, libchafa", "FLUXBRIDGE_PICTURES": "sixel"])
    #expect(child.status == 0 && child.output == "42\n")
    #expect(child.errors == """
      fluxbridge: FLUXBRIDGE_WITHOUT names 'libgtm', which is no library that can be left out; valid: libgmt, libchafa, libnlopt, libzmq
      fluxbridge: FLUXBRIDGE_PICTURES is 'sixel', and is taken for not set; valid: sixels, kitty, blocks

      """)
    #expect(try ChildProgram(["-e", "print(1)"], environment: ["FLUXBRIDGE_WITHOUT": "libgmt.so.6", "FLUXBRIDGE_PICTURES": "kitty"]).errors == "")
  }

  @Test("without GMT, saving and showing name the packages, and all else works")
  func withoutGMT() throws {
    let folder = try ScriptFolder(["a.lua": """
      local f = \(Self.figure)
      print(f)
      print(pcall(f.save, f, "a.png"))
      print(pcall(f.save, f, "a.pdf"))
      print(metrics.rmse(tensor { 1, 2 }, tensor { 1, 4 }) ^ 2)
      """])
    let child = try ChildProgram(["a.lua"], environment: ["FLUXBRIDGE_WITHOUT": "libgmt"], in: folder.path)
    #expect(child.status == 0, "\(child.errors)")
    #expect(child.output.contains("Figure [1 × 1] plot"))
    #expect(child.output.contains("figures need GMT 6, which cannot be loaded (libgmt.so.6 is left out by FLUXBRIDGE_WITHOUT)"))
    #expect(child.output.contains("apt-get install libgmt6 gmt-common gmt-gshhg-low ghostscript poppler-utils"))
    #expect(child.output.contains("\n2.0\n"))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/a.png"))
  }

  @Test("doctor has a row for GMT and one for pictures, and tells what is missing")
  func doctor() throws {
    let child = try ChildProgram(["doctor"], environment: ["FLUXBRIDGE_WITHOUT": "libgmt,libchafa"])
    #expect(child.status == 1)
    for words in ["GMT", "missing; figures need it: sudo apt install libgmt6", "missing; f:show() in a terminal needs it: sudo apt install libchafa0"] { #expect(child.output.contains(words)) }
  }

  @Test("doctor draws a coast and a picture, writes SVG, finds a minimum, passes a message, turns a unit, within 3 s",
    .enabled(if: canDraw, "needs GMT and libchafa"))
  func doing() throws {
    let began = Date(), found = try ChildProgram(["doctor"], environment: ["FLUXBRIDGE_PICTURES": "kitty"])
    #expect(Date().timeIntervalSince(began) < 3)
    #expect(found.output.contains("kitty's pictures"))
    #expect(found.output.contains(/GMT +6\.\d+\.\d+, drew a coast of \d{4,} bytes in \d\.\d\d s/), "\(found.output)")
    for words in [
      "pdftocairo, turned a page into ", ", found the lowest point of a parabola",
      ", passed a message between two sockets", ", turned kg into g",
    ] { #expect(found.output.contains(words), "\(found.output)") }
    #expect(found.status == 0 && found.errors.isEmpty, "\(found.errors)")
  }

  @Test("doctor tells what is there and does not work, and ends with 1",
    .enabled(if: canDraw, "needs GMT and libchafa"))
  func failing() throws {
    let folder = try ScriptFolder(["gs": "#!/bin/sh\nexit 3\n", "pdftocairo": "#!/bin/sh\nexit 4\n"])
    for name in ["gs", "pdftocairo"] { chmod("\(folder.path)/\(name)", 0o755) }
    let broken = try ChildProgram(["doctor"], environment: ["PATH": folder.path])
    #expect(broken.status == 1)
    #expect(broken.output.contains(/GMT +failed: GMT's psconvert failed .*; figures need it: sudo apt install libgmt6/),
      "\(broken.output)")
    #expect(broken.output.contains("failed: 'pdftocairo' ended with status 4; figures as SVG need it: sudo apt"))
    let none = try ChildProgram(["doctor"], environment: ["PATH": "/nowhere", "FLUXBRIDGE_WITHOUT": "libnlopt libzmq"])
    #expect(none.status == 1)
    for words in [
      "failed: there is no program 'gs'; figures need it", "missing; figures as SVG need it",
      "missing; sudo apt install libnlopt0", "missing; sudo apt install libzmq5",
    ] { #expect(none.output.contains(words), "\(none.output)") }
  }

  /// A `gs` that presses it: at the program alone, as when it comes before ghostscript is there or while that ends.
  @Test("Ctrl-C while ghostscript runs reaches the program too", .enabled(if: canDraw, "needs GMT and libchafa"))
  func interrupted() throws {
    let folder = try ScriptFolder(["a.lua": """
      local stat, file = io.open "/proc/self/stat", io.open("pid", "w")
      file:write(stat:read "n"):close()
      pcall(function() \(Self.figure):save "a.png" end)
      print "went on"
      """, "gs": """
      #!/bin/sh
      case $* in *--version*) ;; *) kill -INT "$(cat pid)" ;; esac
      PATH=${PATH#*:}
      exec gs "$@"
      """])
    chmod("\(folder.path)/gs", 0o755)
    let path = "\(folder.path):" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
    let child = try ChildProgram(["a.lua"], environment: ["PATH": path], in: folder.path)
    #expect(child.status == 130 && child.output.isEmpty, "\(child.output)\(child.errors)")
  }
}
