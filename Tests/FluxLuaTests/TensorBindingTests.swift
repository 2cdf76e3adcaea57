import FluxTensor
import LuaRuntime
import Testing

@testable import FluxLua

@Suite("Tensors in Lua")
struct TensorBindingTests {
  let lua = FluxLibrary.session()

  func text(_ code: String) throws -> String { try lua.run("return tostring(\(code))").first?.string ?? "" }
  func message(_ code: String) -> String { #expect(throws: LuaError.self) { try lua.run(code) }?.description ?? "" }

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
}
