import FluxDocument
import FluxFigures
import FluxTraining

extension ReportParts {
  /// How the losses fell, and what each member came to.
  func training() throws -> [ReportPage.Block] {
    let result = report.result
    return [.table(ResultTable.of(result))] + lossesByEpoch(result) + [.table(members(result))]
  }

  /// A panel a term, a curve a variant; nothing after a single epoch.
  private func lossesByEpoch(_ result: TrainingResult) -> [ReportPage.Block] {
    let epochs = result.records.map(\.epoch).max() ?? 0
    guard epochs > 1 else { return [] }
    let colours = RunStyle.colours(result.variants.map(\.name))
    let panels = result.terms.compactMap { term -> Panel? in
      let curves = result.variants.enumerated().compactMap { i, variant -> Curve? in
        guard variant.terms.contains(term) else { return nil }
        let losses = meanLosses(result, variant: variant.name, term: term, epochs: epochs)
        return Curve(variant.name, x: (1...epochs).map(Double.init), y: losses, colour: colours[i])
      }
      guard curves.contains(where: { $0.y.contains(where: \.isFinite) }) else { return nil }
      let figure = Figure.lines(
        curves, title: term, x: Axis("epoch", ticks: .integers), y: Axis("validation loss"), zeroLine: false)
      return figure.panels[0]
    }
    guard !panels.isEmpty else { return [] }
    let caption = "Loss at the validation sites and years by epoch, mean over members."
    return [.figure(Figure([panels]), caption: caption)]
  }

  /// The mean over members of a term's loss at the validation sites and years. Shape `[epoch]`, NaN where none is.
  private func meanLosses(_ result: TrainingResult, variant: String, term: String, epochs: Int) -> [Double] {
    let mine = Dictionary(grouping: result.records.filter { $0.variant == variant }, by: \.epoch)
    return (1...epochs).map { epoch -> Double in
      let losses = (mine[epoch] ?? []).compactMap { record in
        record.valid.first { $0.term == term }?.loss
      }.filter(\.isFinite)
      return losses.isEmpty ? .nan : losses.reduce(0, +) / Double(losses.count)
    }
  }

  private func members(_ result: TrainingResult) -> Table {
    let verdict = weightVerdict, tellsWeights = verdict == .settled || verdict == .moving
    var members = Table(
      title: "Members", columns: ["variant", "fold", "seed", "replicate", "epoch kept", "steps", "held-out years"]
        + (tellsWeights ? ["weights settled"] : []))
    for m in result.members {
      members.rows.append(
        [
          .text(m.variant), .number(Double(m.fold + 1), digits: 0), .text("\(m.seed)"),
          .number(Double(m.replicate + 1), digits: 0), .number(Double(m.epoch), digits: 0),
        .number(Double(m.steps), digits: 0), .text(m.heldOutYears.map(String.init).joined(separator: " "))]
        + (!tellsWeights ? [] : [result.learnsWeights(m.variant) ? .text(m.weightsConverged ? "yes" : "no") : .empty]))
    }
    return members
  }
}
