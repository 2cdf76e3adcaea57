import FluxLua
import Testing
@testable import FluxConsole

@Suite("Tab")
struct CompletionTests {
  let lua = FluxLibrary.session()

  private func offer(_ text: String) -> [String] { Completion(after: text, in: lua).candidates }

  @Test("completes globals, fields and methods, without running anything of a script's")
  func names() throws {
    try lua.run("mine = {deep = {value = 1}} trap = setmetatable({}, {__index = function() error('ran') end})")
    #expect(offer("flu") == ["flux"])
    #expect(offer("x = flux.thr") == ["threads"])
    #expect(offer("mine.deep.v") == ["value"])
    #expect(offer("string.re") == ["rep", "reverse"])
    #expect(offer("('x'):re") == ["rep", "reverse"])
    #expect(offer("trap.a.b").isEmpty)
    #expect(offer("nothing.a").isEmpty)
    #expect(offer("ret") == ["return"])
    #expect(offer("local amplitude = 1 print(ampl") == ["amplitude"])
  }

  @Test("knows what a call will give, from its declaration")
  func chains() throws {
    try lua.run("t = tensor.zeros{2, 3}")
    #expect(offer("t:resh") == ["reshape"])
    #expect(offer("t.sha") == ["shape"])
    #expect(offer("tensor.zeros{2}:resh") == ["reshape"])
    #expect(offer("cube.open('a.nc', \"x\"):mean('time'):regr") == ["regrid"])
    #expect(offer("regions.reccap2():mask():inte") == ["integral"])
    #expect(offer("(t + t):resh") == ["reshape"])
    #expect(offer("flux.tensor.zer") == ["zeros"])
  }

  @Test("offers the options of a call inside its braces, those given already left out")
  func options() throws {
    #expect(offer("optim.adam{ l") == ["lr = "])
    #expect(offer("optim.adam{ lr = 1, bet") == ["beta1 = ", "beta2 = "])
    #expect(!offer("optim.adam{ lr = 1, ").contains("lr = "))
    #expect(offer("cube.open('a'):sel{ti") == ["time = "])
    #expect(offer("tensor.zeros({2}, {dt") == ["dtype = "])
    #expect(offer("optim.adam{ lr = mat") == ["math"])
    #expect(offer("local x = { fl") == ["flux"])
  }

  @Test("offers region codes, dimensions and the words of an option inside quotes, and file names elsewhere")
  func quoted() throws {
    #expect(offer("regions.reccap2():only{\"BRA\", \"E") == ["EQAF", "EU"])
    #expect(offer("cube.open('a'):sel{region = \"SE") == ["SEAS"])
    #expect(offer("cube.open('a'):mean(\"la") == ["lat"])
    #expect(offer("cube.open('a'):regrid(g, \"") == ["bilinear", "conservative", "nearest"])
    #expect(offer("cube.open('a'):monthly(\"") == ["mean", "sum"])
    #expect(offer("cube.open('a'):to(\"PgC y") == ["PgC yr-1"])
    let file = Completion(after: "cube.open(\"data/a", in: lua)
    #expect(file.candidates.isEmpty && file.takesFiles)
    #expect(!Completion(after: "cube.op", in: lua).takesFiles)
  }

  @Test("completes commands and what they take")
  func commands() throws {
    #expect(offer(":re") == ["reload", "restore"])
    #expect(offer(":time tensor.zer") == ["zeros"])
    #expect(Completion(after: ":load a", in: lua).takesFiles)
    #expect(Completion(after: ":restore m", in: lua, hidden: ["model", "cube"]).candidates == ["model"])
    #expect(offer("?tensor.zer") == ["zeros"])
  }

  @Test("no text, however broken, breaks it", arguments: [
    "", ".", ":", "(", "{", "}", "f(((", "\"", "'\\", "[[", "[==[ x", "-- x", "--[[ x", "a.b:c.d:", "x[", "x[\"", "f{{{", "f{a={b={\"",
    "]]]", "1.", "1..", "::", "cube.open(", "cube.open{", "é", "f\"x\".", "t[1][2].", "((((x)).y):",
  ])
  func broken(_ text: String) { _ = offer(text) }
}
