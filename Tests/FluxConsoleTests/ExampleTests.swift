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

  /// Types each line by line, as a console takes them: an expression or a statement, as soon as it is whole. What a line
  /// with an arrow prints is compared with the text after it.
  private static let runner = """
    local failures, count = {}, 0
    local world = setmetatable(require "example_world", { __index = _G })

    local function printed(...)
      local texts = table.pack(...)
      for i = 1, texts.n do texts[i] = tostring(texts[i]) end
      return table.concat(texts, " ")
    end
    local function single_spaced(text) return (text:gsub("%s+", " ")) end

    local function type_in(code, env)
      local input = ""
      for line in code:gmatch("[^\\n]+") do
        local source, wanted = line:match("^(.-)%s*%-%->%s*(.-)%s*$")
        input = input .. "\\n" .. (source or line)
        local chunk, message = load("return " .. input, "=example", "t", env)
        if not chunk then chunk, message = load(input, "=example", "t", env) end
        if chunk then
          local got = printed(chunk())
          if wanted and single_spaced(got) ~= single_spaced(wanted) then error(("%s gives %s"):format(line, got), 0) end
          input = ""
        elseif not message:find("<eof>", 1, true) then
          error(message, 0)
        end
      end
      if input ~= "" then error("it ends too early: " .. input, 0) end
    end

    function example(place, code)
      count = count + 1
      local env = setmetatable({ print = printed }, { __index = world })
      local ok, message = xpcall(type_in, debug.traceback, code, env)
      if not ok then failures[#failures + 1] = place .. ": " .. tostring(message) end
    end

    dofile(arg[1])
    print(("%d examples, %d failures"):format(count, #failures))
    for _, failure in ipairs(failures) do print(failure) end
    """

  @Test("each runs, and prints what stands after its arrow")
  func examples() throws {
    let calls = Self.examples.map { "example([=[\($0.place)]=], [==[\n\($0.code)\n]==])" }.joined(separator: "\n")
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
