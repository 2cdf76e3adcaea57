import FluxLua
import Foundation
import LuaRuntime
import Testing

/// Every example of a help text is run, as its reader would type it, and says what it claims to say. The names
/// that it speaks of are those of `Scripts/lib/example_world.lua`.
@Suite("The examples of the help texts")
struct ExampleTests {
  static let examples: [(place: String, code: String)] =
    FluxLibrary.modules.flatMap { module in module.declarations.map { ("\(module.name).\($0.name)", $0.example) } }
    .appending(FluxLibrary.types.flatMap { type in type.declarations.map { ("\(type.name):\($0.name)", $0.example) } })
    .compactMap { place, code in code.map { (place, $0) } }

  /// Runs each as one chunk with globals of its own. A line `expression  --> text` is compared with what it prints.
  private static let runner = """
    local failures, count = {}, 0
    local world = setmetatable(require "example_world", { __index = _G })

    local function printed(...)
      local texts = table.pack(...)
      for i = 1, texts.n do texts[i] = tostring(texts[i]) end
      return table.concat(texts, " ")
    end
    local function single_spaced(text) return (text:gsub("%s+", " ")) end

    function example(place, code)
      local line = 0
      local text = code:gsub("[^\\n]+", function(source)
        line = line + 1
        local expression, wanted = source:match("^(.-)%s*%-%->%s*(.-)%s*$")
        if expression then return ("check(%d, %q, %s)"):format(line, wanted, expression) end
      end)
      local own = setmetatable({}, { __index = world })
      function own.print(...) return printed(...) end
      function own.check(at, wanted, ...)
        local got = printed(...)
        if single_spaced(got) ~= single_spaced(wanted) then error(("line %d gives %s, not %s"):format(at, got, wanted), 0) end
      end
      count = count + 1
      local chunk, message = load(text, "=" .. place, "t", own)
      local ok = chunk ~= nil
      if chunk then ok, message = xpcall(chunk, debug.traceback) end
      if not ok then failures[#failures + 1] = place .. ": " .. tostring(message) end
    end

    dofile(arg[1])
    print(("%d examples, %d failures"):format(count, #failures))
    for _, failure in ipairs(failures) do print(failure) end
    """

  @Test("each runs, and prints what stands after its arrow")
  func examples() throws {
    let calls = Self.examples.map { "example([[\($0.place)]], [==[\n\($0.code)\n]==])" }.joined(separator: "\n")
    let folder = try SmallEarth.folder(as: "example", ["runner.lua": Self.runner, "examples.lua": calls])
    let child = try ChildProgram(["runner.lua", "examples.lua"], patience: 600, in: folder.path)
    #expect(child.status == 0, "\(child.errors)")
    let verdict = try #require(child.output.range(of: "\(Self.examples.count) examples, "), "\(child.output)")
    #expect(child.output[verdict.upperBound...] == "0 failures\n")
  }
}

extension Array {
  fileprivate func appending(_ others: [Element]) -> [Element] { self + others }
}
