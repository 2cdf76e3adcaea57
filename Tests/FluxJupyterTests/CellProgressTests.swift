import FluxCore
import Testing

@testable import FluxJupyter

@Suite("The bar of a cell")
struct CellProgressTests {
  private func state(_ label: String, _ share: Double, after elapsed: Double, _ note: String = "", isFinished: Bool = false) -> ProgressState {
    ProgressState(label: label, share: share, note: note, elapsed: elapsed, isFinished: isFinished)
  }

  @Test("what is over at once shows no bar")
  func quick() {
    var cell = CellProgress()
    let shown = [cell.take(state("bridge", 0.5, after: 0.01)), cell.take(state("bridge", 1, after: 0.02, isFinished: true))]
    #expect(shown == [false, false] && !cell.isShown)
  }

  @Test("a bar tells share, time left and what is going on, as text and as HTML")
  func running() {
    var cell = CellProgress()
    let isShown = cell.take(state("training", 0.25, after: 10, "fold <1>"))
    #expect(isShown)
    #expect(cell.text == "training ██████░░░░░░░░░░░░░░░░░░ 25 %  0:30 left  fold <1>")
    #expect(cell.html.contains("<progress max=\"100\" value=\"25\"") && cell.html.contains("fold &lt;1&gt;") && cell.html.contains("0:30 left"))
  }

  @Test("works that follow each other share one bar, which ends as their times")
  func finished() {
    var cell = CellProgress()
    for step in [state("twin", 1, after: 5, isFinished: true), state("bridge", 1, after: 1, isFinished: true), state("bridge", 1, after: 2, isFinished: true)] {
      _ = cell.take(step)
    }
    _ = cell.take(state("training", 0.5, after: 1))
    #expect(cell.text.hasPrefix("twin 5.0 s · bridge ×2 3.0 s · training ████"))
    _ = cell.take(state("training", 0.5, after: 90, isFinished: true))
    #expect(cell.text == "twin 5.0 s · bridge ×2 3.0 s · training 1:30")
    #expect(!cell.html.contains("<progress"))
  }

  @Test("a share that is no share is drawn as one", arguments: [-1, 2, Double.nan, .infinity])
  func odd(_ share: Double) {
    var cell = CellProgress()
    _ = cell.take(state("x", share, after: 1))
    #expect(cell.text.contains(" %") && cell.text.filter { "█░".contains($0) }.count == 24)
  }
}

@Suite("What a front end can look up again")
struct KernelHistoryTests {
  @Test("an output is given with its input where it is asked for; of earlier sessions there is none")
  func outputs() throws {
    let history = KernelHistory(file: nil)
    history.add("6 * 7")
    history.setOutput("42")
    history.add("x = 1")
    let asked = history.answer(.object([("hist_access_type", .text("tail")), ("n", .integer(2)), ("output", .flag(true))]))
    #expect(asked["history"]?.description == #"[[2, 1, ["6 * 7", "42"]], [2, 2, ["x = 1", null]]]"#)
    let plain = history.answer(.object([("hist_access_type", .text("tail")), ("n", .integer(1))]))
    #expect(plain["history"]?.description == #"[[2, 2, "x = 1"]]"#)
  }
}
