import FluxTensor
import LuaRuntime
import TestSupport
import Testing

@testable import FluxLua

@Suite("Tensors in Lua")
struct TensorBindingTests {
  let lua = FluxLibrary.session()

  func text(_ code: String) throws -> String { try lua.run("return tostring(\(code))").first?.string ?? "" }
  func message(_ code: String) -> String { refusal { try lua.run(code) } }

  @Test("nested lists make tensors, and come back")
  func nested() throws {
    #expect(try text("tensor{{1, 2}, {3, 4}}") == "Tensor [2, 2] float32: 1 2 3 4")
    #expect(try text("tensor({1.5}, {dtype = 'float64'})") == "Tensor [1] float64: 1.5")
    #expect(try text("tensor{{1, 2}, {3, 4}}:totable()[2][1]") == "3.0")
    #expect(message("tensor{{1, 2}, {3}}").contains("a list of 1 beside one of 2, at depth 2"))
    #expect(message("tensor{1, 'x'}").contains("item 2 of a list is string; expected a number"))
  }

  @Test("arithmetic takes tensors and numbers on either side")
  func arithmetic() throws {
    #expect(try text("2 * tensor{1, 2} - 1") == "Tensor [2] float32: 1 3")
    #expect(try text("1 / tensor{2, 4}") == "Tensor [2] float32: 0.5 0.25")
    #expect(try text("-(tensor{1, 2} ^ 2)") == "Tensor [2] float32: -1 -4")
    #expect(message("return tensor{1, 2} + tensor{1, 2, 3}").contains("shapes [2] and [3] do not broadcast"))
    #expect(message("return tensor{1, 2} + 'x'").contains("is a string; expected a Tensor or a number"))
    #expect(message("return tensor{1} < tensor{2}").contains("Use a:lt(b)"))
  }

  @Test("indices count from 1 and from -1, slices are views that assign")
  func indexing() throws {
    try lua.run("t = tensor{{1, 2, 3}, {4, 5, 6}}")
    #expect(try text("t[{2, -1}]") == "6.0")
    #expect(try text("t[2]") == "Tensor [3] float32: 4 5 6")
    #expect(try text("t[{ {}, {2, 3} }]") == "Tensor [2, 2] float32: 2 3 5 6")
    try lua.run("t[{ {}, 1 }] = 0; t[{1, 2}] = 9")
    #expect(try text("t") == "Tensor [2, 3] float32: 0 9 3 0 5 6")
    #expect(message("return t[{3, 1}]").contains("index 3 in dimension 1 of shape [2, 3]; expected 1 to 2"))
    #expect(message("return t:maen()").contains("did you mean 'mean'?"))
  }

  @Test("reductions take a dimension by number or name")
  func reductions() throws {
    try lua.run("t = tensor{{1, 2, 3}, {4, 5, 9}}:named{'region', 'month'}")
    #expect(try text("t:sum('month')") == "Tensor [region 2] float32: 6 18")
    #expect(try text("t:mean(-1, true)") == "Tensor [region 2, month 1] float32: 2 6")
    #expect(try text("t:std{ddof = 1}:item() > t:std():item()") == "true")
    #expect(message("return t:sum('mont')").contains("no dimension 'mont'; did you mean 'month'?"))
    #expect(message("return t:std{dof = 1}").contains("unknown option 'dof'; did you mean 'ddof'?"))
  }

  @Test("gradients reach the leaves, and tensor.grad gives value and gradients")
  func gradients() throws {
    try lua.run("x = tensor({1, 2, 3}, {dtype = 'float64'}):requires_grad(); (x ^ 3):sum():backward()")
    #expect(try text("x.grad") == "Tensor [3] float64: 3 12 27")
    #expect(try text("select(2, tensor.grad(function(a, b) return (a * b):sum() end, tensor{2}, tensor{5}))") == "Tensor [1] float32: 5")
    #expect(try text("tensor.no_grad(function() return (x * 2).grad end)") == "nil")
  }

  @Test("draws repeat after a seed")
  func seeds() throws {
    try lua.run("tensor.seed(3); a = tensor.randn{4}; tensor.seed(3); b = tensor.randn{4}")
    #expect(try text("a:eq(b):sum():item()") == "4.0")
  }

  @Test("a table of options may stand where optional arguments were left out")
  func options() throws {
    #expect(try text("tensor.arange(1, 3, {dtype = 'int64'})") == "Tensor [3] int64: 1 2 3")
    #expect(try text("(tensor{1, 3, 2}:sort{descending = true})") == "Tensor [3] float32: 3 2 1")
    #expect(try text("tensor{1, 3}:var(1, {ddof = 1})") == "Tensor 2 float32")
    #expect(message("tensor{1}:sort{down = true}").contains("unknown option 'down'"))
  }

  @Test("positions and elements of int64 are integers of Lua's")
  func integers() throws {
    try lua.run("t = tensor{{3, 9}, {7, 1}}; v, i = t:max(2)")
    #expect(try text("i") == "Tensor [2] int64: 2 1")
    #expect(try text("math.type(i[1]) .. math.type(t:argmax():item()) .. math.type(i:totable()[1])") == "integerintegerinteger")
    #expect(try text("select('#', t:max(1)) + 10 * select('#', t:max())") == "12")
    #expect(message("return t:gather(1, tensor{{3}})").contains("the index holds 3; expected whole numbers from 1 to 2"))
    #expect(try text("(tensor({-0x4000000000000000}, {dtype = 'int64'}) * 2):totable()[1]") == "-9223372036854775808")
    #expect(try text("tensor(1, {dtype = 'int64'}) * -0x4000000000000000 * 2") == "Tensor -9223372036854775808 int64")
    #expect(message("i[1] = 0.5").contains("0.5 in an int64 tensor"))
    #expect(message("t:requires_grad(); return t:argmin()").contains("'argmin' has no gradient"))
  }

  @Test("a large tensor prints its corner and a summary, and is not read through for its line")
  func printing() throws {
    let lines = lua.text(try lua.run("return tensor.arange(1, 600):reshape{2, 10, 30}")[0], tree: true).split(separator: "\n")
    #expect(lines[0] == "Tensor [2, 10, 30] float32, of which the first [10, 30]")
    #expect(lines.last == "  min 1, mean 300.5, max 600" && lines.count == 9)
    #expect(try text("tensor.zeros{0, 3}") == "Tensor [0, 3] float32:")
  }

  @Test("dimensions go by name wherever one is asked")
  func names() throws {
    try lua.run("t = tensor.arange(1, 6):reshape{2, 3}:named{'region', 'month'}")
    for code in ["t:cumsum('month')", "(t:sort('month'))", "(t:max('region'))", "t:argmax('month')", "t:std('month', true)", "t:norm(2, 'region')",
      "t:gather('month', tensor{{1}, {2}})", "t:transpose('region', 'month')", "tensor.cat({t, t}, 'region')", "t:nanstd('month')", "t:unsqueeze(1, 'member'):squeeze('member')"] {
      let got = try text(code)
      #expect(got.contains("month") || got.contains("region"), "\(code) gives \(got)")
    }
    #expect(try text("t:unsqueeze(1)") == "Tensor [1, region 2, month 3] float32: 1 2 3 4 5 6")
    #expect(message("return t:cumsum('')").contains("no dimension ''"))
  }

  @Test("a request beyond memory or reason is refused in words, and the session lives on")
  func beyondMemory() throws {
    for code in ["tensor.zeros{1e6, 1e6}", "tensor.arange(1, 1e15)", "tensor.linspace(0, 1, 1 << 50)", "tensor.rand(1 << 45)", "tensor.eye(1 << 24)",
      "tensor.ones{1}:expand{1 << 40, 1 << 40}", "tensor.zeros{-1}", "tensor.ones{1}:expand(1 << 40):totable()", "tensor.ones{1}:expand(1 << 42):clone()"] {
      #expect(message("return \(code)").contains("; expected") || message("return \(code)").contains("are free"), "\(code)")
    }
    #expect(try text("#tensor.arange(0, -1e300)") == "0")
    #expect(try text("tensor{1}") == "Tensor [1] float32: 1")
  }

  @Test("tensor.grad leaves other leaves alone and records within no_grad")
  func gradAlone() throws {
    try lua.run("w = tensor{2}:requires_grad(); x = tensor{3}; v, g = tensor.no_grad(function() return tensor.grad(function(x) return (x * w):sum() end, x) end)")
    #expect(try text("v:item() .. ' ' .. g[1] .. ' ' .. tostring(w.grad)") == "6.0 2.0 nil")
  }
}
