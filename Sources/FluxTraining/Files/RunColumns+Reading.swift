import FluxCore
import FluxData
import FluxModels
import FluxOperators

extension RunColumns {
  /// A file's arrays do not fit together.
  struct Misfit: Error {}

  /// A file whose columns have been read, and their hash compared.
  struct Reading {
    let file: NetCDFReader
    /// Whether it was written before models had kinds, and held networks alone.
    private let isFirst: Bool
    private let numbers: [String: [Double]], words: [String: [String]]

    /// - Throws: ``FluxError`` when the hash is another than the file's own.
    init(_ file: NetCDFReader, isFirst: Bool = false, remedy: String) throws {
      self.file = file
      self.isFirst = isFirst
      var numbers: [String: [Double]] = [:], words: [String: [String]] = [:]
      for variable in file.variables {
        if variable.type.isNumeric { numbers[variable.name] = try file.rawDoubles(variable.name) } else {
          words[variable.name] = try file.strings(variable.name)
        }
      }
      let found = RunColumns.hash(numbers.map { ($0.key, $0.value) }, words.map { ($0.key, $0.value) })
      guard found == file.attributes.text("content_hash") else {
        throw FluxError(
          "its contents have hash \(found)", at: file.path,
          expected: file.attributes.text("content_hash") ?? "a hash in the file", remedy: remedy)
      }
      self.numbers = numbers
      self.words = words
    }

    /// Entries whose attribute's name begins with `plan_`, without that.
    var settings: [(name: String, value: String)] {
      file.attributes.entries.map(\.name).filter { $0.hasPrefix("plan_") }.map {
        (name: String($0.dropFirst(5)), value: file.attributes.text($0) ?? "")
      }
    }

    func text(_ name: String) -> [String] { words[name] ?? [] }
    func column(_ name: String) -> [Double] { numbers[name] ?? [] }

    /// - Throws: ``Misfit`` when there are not as many values.
    func rows(_ name: String, _ width: Int, _ count: Int) throws -> [[Double]] {
      let values = column(name)
      guard values.count == width * count else { throw Misfit() }
      return (0..<count).map { Array(values[($0 * width)..<(($0 + 1) * width)]) }
    }

    func variants() throws -> [TrainingPlan.Variant] {
      let names = text("variant_name"), terms = text("variant_terms")
      guard names.count == terms.count else { throw Misfit() }
      return zip(names, terms).map { TrainingPlan.Variant($0, terms: $1.split(separator: " ").map(String.init)) }
    }

    func members(_ variants: [TrainingPlan.Variant]) throws -> [TrainedMember] {
      let seeds = text("member_seed"), count = seeds.count
      func each(_ name: String) throws -> [Double] { try rows(name, 1, count).map { $0[0] } }
      let variant = try each("member_variant"), fold = try each("member_fold")
      let replicate = try each("member_replicate"), epoch = try each("member_epoch")
      let steps = try each("member_steps"), converged = try each("member_converged")
      let archives = try archives(count), weights = try parts("weights", counts: each("member_weight_count"))
      let heldOut = try heldOut(counts: each("held_out_count"))
      return try (0..<count).map { i in
        TrainedMember(
          variant: variants[try whole(variant[i], 0, variants.count - 1)].name,
          fold: try whole(fold[i], 1, 1_000_000) - 1, seed: try seed(seeds[i]),
          replicate: try whole(replicate[i], 1, 1_000_000) - 1,
          model: try ModelKinds.model(archives[i], weights: weights[i], at: file.path),
          epoch: try whole(epoch[i], 0, Int(Int32.max)), steps: try whole(steps[i], 0, Int(Int32.max)),
          heldOut: heldOut[i], weightsConverged: converged[i] == 1)
      }
    }

    private func archives(_ count: Int) throws -> [ModelArchive] {
      let inputs = text("driver_name")
      let kinds = isFirst ? [String](repeating: FirstNetworkFile.kind, count: count) : text("model_kind")
      let names = isFirst ? FirstNetworkFile.words : text("model_word")
      let arrays = isFirst ? FirstNetworkFile.arrays : text("model_array")
      guard kinds.count == count else { throw Misfit() }
      return try (0..<count).map { i in
        ModelArchive(
          kind: kinds[i], inputs: inputs,
          words: try names.map { name in
            let values = text("member_" + name)
            guard values.count == count else { throw Misfit() }
            return (name, values[i])
          },
          numbers: try arrays.map { name in
            let values = column(name)
            guard count > 0, values.count % count == 0 else { throw Misfit() }
            return .init(name, over: "", try rows(name, values.count / count, count)[i], "")
          })
      }
    }

    /// Cuts a column into parts of given lengths.
    private func parts(_ name: String, counts: [Double]) throws -> [[Double]] {
      let values = column(name)
      var next = 0
      let parts = try counts.map { count in
        let size = try whole(count, 0, values.count - next)
        defer { next += size }
        return Array(values[next..<(next + size)])
      }
      guard next == values.count else { throw Misfit() }
      return parts
    }

    private func heldOut(counts: [Double]) throws -> [[Window]] {
      let numbers = try parts("held_out_year", counts: counts), all = column("held_out_year").count
      let kinds = words["held_out_kind"] ?? [String](repeating: Window.yearKind, count: all)
      guard kinds.count == all else { throw Misfit() }
      var next = kinds.makeIterator()
      return try numbers.map { own in
        try own.map { Window(next.next() ?? Window.yearKind, try whole($0, -1_000_000, 1_000_000)) }
      }
    }

    func records(_ variants: [TrainingPlan.Variant], _ terms: [String]) throws -> [EpochRecord] {
      let seeds = text("epoch_seed"), count = seeds.count
      func each(_ name: String) throws -> [Double] { try rows(name, 1, count).map { $0[0] } }
      let variant = try each("epoch_variant"), fold = try each("epoch_fold")
      let replicate = try each("epoch_replicate"), number = try each("epoch_number"), score = try each("score")
      let train = try rows("train", terms.count, count), valid = try rows("valid", terms.count, count)
      let weight = try rows("term_weight", terms.count, count)
      // The first files had these two columns always.
      let names = isFirst ? ["gap", "largest_gap"] : text("diagnosis_name")
      let told = try names.map { (name: $0, values: try each($0)) }
      return try (0..<count).map { i in
        let mine = variants[try whole(variant[i], 0, variants.count - 1)]
        let places = mine.terms.compactMap { name in terms.firstIndex(of: name) }, factors = places.map { weight[i][$0] }
        return EpochRecord(
          variant: mine.name, fold: try whole(fold[i], 1, 1_000_000), epoch: try whole(number[i], 1, Int(Int32.max)),
          train: places.map { (term: terms[$0], loss: train[i][$0]) },
          valid: places.map { (term: terms[$0], loss: valid[i][$0]) },
          weights: factors.allSatisfy(\.isNaN) ? [] : factors, score: score[i], seconds: .nan,
          diagnoses: told.map { (name: $0.name, value: $0.values[i]) }.filter { !$0.value.isNaN },
          seed: try seed(seeds[i]), replicate: try whole(replicate[i], 1, 1_000_000) - 1)
      }
    }

    /// - Throws: ``Misfit`` when it is no whole number between the two.
    func whole(_ x: Double, _ smallest: Int, _ largest: Int) throws -> Int {
      guard let n = Int(exactly: x), n >= smallest, n <= largest else { throw Misfit() }
      return n
    }

    func seed(_ text: String) throws -> UInt64 {
      guard let seed = UInt64(text) else { throw Misfit() }
      return seed
    }
  }
}
