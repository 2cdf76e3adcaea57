import Foundation
import LuaRuntime
import Testing

@testable import FluxLua

/// Small programs against PyTorch: values, shapes and gradients as ReferenceData/tensor_programs.py stored them.
@Suite("Tensor programs against PyTorch")
struct TensorProgramTests {
  private static let reference = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("ReferenceData/tensor_programs.lua").path

  /// `check(case)` runs one program and gives what is wrong, or nil.
  private static let checker = """
    local cases = dofile(arg)

    local function make(stored, dtype)
      local t = tensor.zeros(stored.shape, { dtype = dtype })
      if #stored.values == 0 then return t end
      return tensor(stored.values, { dtype = dtype }):reshape(stored.shape)
    end

    local function differ(got, stored, tolerance)
      if type(got) == "number" then got = tensor(got, { dtype = "float64" }) end
      local shape, wanted = got.shape, stored.shape
      if table.concat(shape, ",") ~= table.concat(wanted, ",") then
        return ("shape [%s], not [%s]"):format(table.concat(shape, ","), table.concat(wanted, ","))
      end
      if stored.whole and got.dtype ~= "int64" then return "type " .. got.dtype .. ", not int64" end
      if #stored.values == 0 then return nil end
      local numbers = got:detach():reshape{ -1 }:totable()
      for i, want in ipairs(stored.values) do
        local x = numbers[i]
        local same = x == want or (x ~= x and want ~= want) or math.abs(x - want) <= tolerance * (1 + math.abs(want))
        if not same then return ("entry %d is %.17g, not %.17g"):format(i, x, want) end
      end
    end

    function titles()
      local list = {}
      for i, case in ipairs(cases) do list[i] = case.title end
      return list
    end

    function check(at)
      local case, leaves = cases[at], {}
      local hasGradients = next(case.gradients) ~= nil
      for i, name in ipairs(case.names) do
        leaves[i] = make(case.inputs[name], case.dtype)
        if hasGradients then leaves[i]:requires_grad() end
      end
      local results = table.pack(case.program(table.unpack(leaves)))
      for i, stored in ipairs(case.results) do
        local fault = differ(results[i], stored, case.tolerance)
        if fault then return ("result %d: %s"):format(i, fault) end
      end
      if not hasGradients then return nil end
      local first = results[1]:reshape{ -1 }
      local weights = {}
      for i = 1, #first do weights[i] = 0.5 + (0.618034 * i) % 1 end
      if #first == 0 then weights = tensor.zeros(0, { dtype = case.dtype }) else weights = tensor(weights, { dtype = case.dtype }) end
      (first * weights):nansum():backward()
      for i, name in ipairs(case.names) do
        local gradient = leaves[i].grad or tensor.zeros(leaves[i].shape, { dtype = case.dtype })
        local fault = differ(gradient, case.gradients[name], case.tolerance)
        if fault then return ("gradient of %s: %s"):format(name, fault) end
      end
    end
    """

  private static func session() throws -> LuaSession {
    let lua = FluxLibrary.session()
    lua.set("arg", reference)
    try lua.run(checker)
    return lua
  }

  static let titles: [String] = (try? session().run("return table.unpack(titles())").compactMap(\.string)) ?? []

  @Test("gives PyTorch's values and gradients", arguments: titles)
  func agrees(_ title: String) throws {
    let lua = try Self.session()
    let place = try #require(Self.titles.firstIndex(of: title)) + 1
    let fault = try lua.run("return check(\(place))").first?.string
    #expect(fault == nil, "\(title): \(fault ?? "")")
  }

  @Test("there are at least sixty of them, each with its own title")
  func enough() {
    #expect(Self.titles.count >= 60 && Set(Self.titles).count == Self.titles.count)
  }
}
