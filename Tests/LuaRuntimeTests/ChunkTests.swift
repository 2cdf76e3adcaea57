import Glibc
import TestSupport
import Testing
@testable import LuaRuntime

@Suite("Text chunks only")
struct ChunkTests {
  let lua = counterSession()

  @Test("load refuses bytecode, from a string and from a function")
  func load() throws {
    let refusal = "binary chunks are refused"
    for source in [
      "return load(string.dump(function() end))",
      "return load(string.dump(function() end), 'x', 'b')",
      "return load(string.dump(function() end), 'x', 'bt', {})",
      "local s = string.dump(function() end) return load(function() local r = s s = nil return r end)",
    ] {
      let text = try answer(lua, source)
      #expect(text.hasPrefix("nil ") && text.contains(refusal), "\(text)")
    }
  }

  @Test("load of text works as always, with name, mode and environment")
  func text() throws {
    #expect(try answer(lua, "return load('return 1')(), load('return x', 'n', 't', {x = 2})(), load('return x', 'n', nil, {x = 3})()") == "1 2 3")
    #expect(try answer(lua, "return load('return =', '=n')") == "nil n:1: unexpected symbol near '='")
    #expect(try answer(lua, "return load('return x', 'n', 't', nil)") .hasPrefix("function"))
  }

  @Test("loadfile, dofile, require and the program's own loading refuse bytecode")
  func files() throws {
    var template = Array("/tmp/fluxbridge-chunk-XXXXXX".utf8CString)
    let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    try lua.run("""
      package.path = '\(folder)/?.lua'
      local f = io.open('\(folder)/binary.lua', 'wb') f:write(string.dump(function() end)) f:close()
      f = io.open('\(folder)/text.lua', 'w') f:write('#!/usr/bin/env lua\\nreturn 42, ...') f:close()
      """)
    let binary = "\(folder)/binary.lua", refusal = "binary chunks are refused"
    #expect(try answer(lua, "return loadfile('\(binary)')").contains(refusal))
    #expect(try answer(lua, "return pcall(dofile, '\(binary)')").contains(refusal))
    #expect(try answer(lua, "return pcall(require, 'binary')").contains(refusal))
    expectRefusal("\(binary): binary chunks are refused") { try lua.loadFile(binary) }
    #expect(message(lua, "dofile('\(binary)')").contains(refusal))
    #expect(try answer(lua, "return dofile('\(folder)/text.lua'), loadfile('\(folder)/text.lua')(), (require 'text')") == "42 42 42")
    #expect(try answer(lua, "return pcall(require, 'missing')").contains("no file '\(folder)/missing.lua'"))
    _ = try lua.run("os.remove('\(binary)') os.remove('\(folder)/text.lua') os.remove('\(folder)')")
  }

  @Test("the debug library opens no door into objects")
  func debugLibrary() throws {
    for source in [
      "debug.setmetatable(counter(1), {})", "debug.getregistry()", "debug.setupvalue(counter.total, 1, 3)",
      "debug.getupvalue(counter.total, 1)", "local x = 1 debug.upvaluejoin(function() return x end, 1, counter.total, 1)",
    ] { #expect(try answer(lua, "return pcall(function() \(source) end)").hasPrefix("false"), "\(source)") }
    #expect(try answer(lua, "return debug.getmetatable(counter(1)), type(debug.getmetatable(''))") == "Counter table")
    #expect(try answer(lua, "local x = 5 local f = function() return x end return debug.getupvalue(f, 1), debug.setupvalue(f, 1, 6), x") == "x x 6")
  }

  @Test("the session knows which files were loaded, each once, in their order")
  func loadedFiles() throws {
    var template = Array("/tmp/fluxbridge-chunks-XXXXXX".utf8CString)
    let folder = String(cString: try #require(mkdtemp(&template)))
    for name in ["a", "b", "c"] {
      let file = try #require(fopen("\(folder)/\(name).lua", "w"))
      fputs("return '\(name)'\n", file)
      fclose(file)
    }
    defer {
      for name in ["a", "b", "c"] { unlink("\(folder)/\(name).lua") }
      rmdir(folder)
    }
    #expect(lua.loadedFiles == [])
    try lua.run("package.path = '\(folder)/?.lua'; require 'b'; dofile '\(folder)/a.lua'; require 'b'; dofile '\(folder)/a.lua'; assert(loadfile '\(folder)/c.lua')")
    #expect(lua.loadedFiles == ["b", "a", "c"].map { "\(folder)/\($0).lua" })
    try lua.run("pcall(dofile, '\(folder)/none.lua'); loadfile '\(folder)/none.lua'; pcall(require, 'none'); loadfile(12)")
    #expect(lua.loadedFiles.count == 3)
  }
}
