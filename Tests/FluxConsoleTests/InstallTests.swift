import FluxLua
import Foundation
import Testing

/// `Scripts/install` into a folder of the test's, with the program that was built for the tests.
@Suite("Installing")
struct InstallTests {
  private func run(_ program: String, _ words: [String], in folder: String) throws -> (status: Int32, output: String) {
    let process = Process(), pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = words
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }

  @Test("the installed program works from any folder, finds its scripts and has stubs, a reference and a man page; uninstalling leaves nothing")
  func install() throws {
    let folder = try ScriptFolder(["mine.lua": """
      local options = require "options"
      print(flux.json.encode { 1 }, type(options), type(require "objectives.huber"), pcall(require, "nothing_of_this_name"))
      """])
    let install = SmallEarth.scripts + "/install"
    let made = try run(install, ["--prefix", "the prefix", "--program", ChildProgram.path], in: folder.path)
    #expect(made.status == 0 && made.output.contains("Installed Fluxbridge \(FluxVersion.text)"), "\(made.output)")
    let prefix = folder.path + "/the prefix", program = prefix + "/bin/fluxbridge"
    for file in ["share/fluxbridge/stubs/tensor.lua", "share/fluxbridge/reference/README.md", "share/fluxbridge/Scripts/tutorial/01_tensors.lua",
      "share/fluxbridge/Scripts/dual_constraint.lua", "share/man/man1/fluxbridge.1"] {
      #expect(FileManager.default.fileExists(atPath: "\(prefix)/\(file)"), "\(file)")
    }
    #expect(try run(program, ["--version"], in: "/").output.hasPrefix("Fluxbridge \(FluxVersion.text)"))
    let mine = try run(program, [folder.path + "/mine.lua"], in: "/")
    #expect(mine.status == 0 && mine.output.hasPrefix("[1]\tfunction\tfunction\tfalse"), "\(mine.output)")
    #expect(try run(program, [prefix + "/share/fluxbridge/Scripts/tutorial/01_tensors.lua"], in: "/").status == 0)
    let page = try String(contentsOfFile: prefix + "/share/man/man1/fluxbridge.1", encoding: .utf8)
    #expect(page.hasPrefix(".TH FLUXBRIDGE 1 \"\" \"Fluxbridge \(FluxVersion.text)"))

    // Again over the first, then away.
    #expect(try run(install, ["--prefix", prefix, "--program", ChildProgram.path], in: "/").status == 0)
    #expect(try run(install, ["--prefix=" + prefix, "--uninstall"], in: "/").status == 0)
    let left = FileManager.default.enumerator(at: URL(fileURLWithPath: prefix), includingPropertiesForKeys: [.isRegularFileKey])
    let files = left?.allObjects.compactMap { $0 as? URL }.filter { !$0.hasDirectoryPath } ?? []
    #expect(files.isEmpty, "\(files)")
  }

  @Test("wrong options end with 2 and the usage, a missing program with its name")
  func mistakes() throws {
    let install = SmallEarth.scripts + "/install"
    let slip = try run(install, ["--prefx", "/nowhere"], in: "/")
    #expect(slip.status == 2 && slip.output.contains("unknown option --prefx") && slip.output.contains("--prefix DIR"))
    let none = try run(install, ["--prefix", "/tmp/never", "--program", "/nowhere/fluxbridge"], in: "/")
    #expect(none.status == 1 && none.output.contains("/nowhere/fluxbridge"))
  }

  @Test("the man page tells of every option and command of --help, and of no others")
  func page() throws {
    let page = try String(contentsOfFile: SmallEarth.scripts + "/man/fluxbridge.1", encoding: .utf8).replacing("\\-", with: "-")
    let help = try ChildProgram(["--help"]).output
    var told: Set<String> = []
    for line in help.split(separator: "\n") where line.hasPrefix("  ") {
      let words = line.split(separator: " ")
      told.insert(String(words[0].prefix { $0 != "," }))
      if words[0].hasSuffix(",") { told.insert(String(words[1])) }
    }
    var paged: Set<String> = []
    let lines = page.split(separator: "\n")
    for (i, line) in lines.enumerated() where i > 0 && lines[i - 1] == ".TP" {
      for word in line.split(whereSeparator: { " \",".contains($0) }).dropFirst()
        where word.first == "-" || ["doctor", "stubs", "reference", "kernel"].contains(word) { paged.insert(String(word)) }
    }
    #expect(told.subtracting(paged).isEmpty, "not in the man page: \(told.subtracting(paged))")
    #expect(paged.subtracting(told).subtracting(["-h"]).isEmpty, "not in --help: \(paged.subtracting(told))")
  }
}
