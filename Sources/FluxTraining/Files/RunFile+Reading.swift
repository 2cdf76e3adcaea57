import FluxCore
import FluxData
import FluxModels
import FluxTensor

extension RunFile {
  /// A file's arrays do not fit together.
  enum Misfit: Error { case sizes }

  /// A file whose numbers have been read, and their hash compared.
  struct Reading {
    let file: NetCDFReader
    private var numbers: [String: [Double]] = [:], words: [String: [String]] = [:]

    init(_ file: NetCDFReader) throws {
      self.file = file
      for name in ["variant_name", "variant_terms", "term_name", "driver_name", "site_id", "seed_value", "member_seed", "epoch_seed", "member_network"]
      where file.contains(name) { words[name] = try file.strings(name) }
      for name in [
        "member_variant", "member_fold", "member_replicate", "member_epoch", "member_steps", "member_converged", "member_weight_count", "weights", "mean",
        "deviation", "held_out_count", "held_out_year", "epoch_variant", "epoch_fold", "epoch_replicate", "epoch_number", "score", "gap", "largest_gap",
        "train", "valid", "term_weight", "site_fold",
      ] where file.contains(name) { numbers[name] = try file.rawDoubles(name) }
      let found = RunFile.hash(numbers.map { ($0.key, $0.value) }, words.map { ($0.key, $0.value) })
      guard found == file.attributes.text("content_hash") else {
        throw FluxError("its contents have hash \(found)", at: file.path, expected: file.attributes.text("content_hash") ?? "a hash in the file",
          remedy: "The file is damaged.")
      }
    }

    func result() throws -> TrainingResult {
      let names = words["variant_name"] ?? [], terms = words["term_name"] ?? []
      let variantTerms = try list(words["variant_terms"], names.count)
      let variants = zip(names, variantTerms).map { TrainingPlan.Variant($0, terms: $1.split(separator: " ").map(String.init)) }
      let sites = words["site_id"] ?? [], seeds = words["seed_value"] ?? []
      let folds = try rows("site_fold", sites.count, seeds.count)
      var settings = file.attributes.entries.map(\.name).filter { $0.hasPrefix("plan_") }.map { (name: String($0.dropFirst(5)), value: file.attributes.text($0) ?? "") }
      if let program = file.attributes.text("source") { settings.append(("program", program)) }
      let kept = settings
      return TrainingResult(members: try members(variants), records: try records(variants, terms), variants: variants, sites: sites,
        foldsBySeed: try zip(seeds, folds).map { (seed: try seed($0), folds: try $1.map { try whole($0, -1, 1_000_000) - 1 }) },
        expected: Int(file.attributes.number("members_expected") ?? 0), settings: { kept })
    }

    private func members(_ variants: [TrainingPlan.Variant]) throws -> [TrainedMember] {
      let seeds = words["member_seed"] ?? [], count = seeds.count, drivers = words["driver_name"] ?? []
      let networks = try list(words["member_network"], count), weights = numbers["weights"] ?? [], years = numbers["held_out_year"] ?? []
      func column(_ name: String) throws -> [Double] { try rows(name, 1, count).map { $0[0] } }
      let variant = try column("member_variant"), fold = try column("member_fold"), replicate = try column("member_replicate"), epoch = try column("member_epoch")
      let steps = try column("member_steps"), converged = try column("member_converged"), sizes = try column("member_weight_count")
      let heldOut = try column("held_out_count"), mean = try rows("mean", drivers.count, count), deviation = try rows("deviation", drivers.count, count)
      var next = 0, nextYear = 0
      let members = try (0..<count).map { i in
        let parts = networks[i].split(separator: ", ", omittingEmptySubsequences: false), hidden = parts.first?.split(separator: " ").compactMap { Int($0) } ?? []
        guard parts.count == 3, let activation = Activation(rawValue: String(parts[1])), let dtype = DType(rawValue: String(parts[2])), dtype.isFloating,
          hidden.allSatisfy({ (1...4096).contains($0) }), mean[i].allSatisfy(\.isFinite), deviation[i].allSatisfy({ $0 > 0 && $0.isFinite })
        else { throw Misfit.sizes }
        let size = try whole(sizes[i], 1, weights.count), yearCount = try whole(heldOut[i], 0, years.count - nextYear)
        let own = try years[nextYear..<(nextYear + yearCount)].map { try whole($0, -10_000, 10_000) }
        nextYear += yearCount
        guard next + size <= weights.count else { throw Misfit.sizes }
        let widths = [drivers.count] + hidden + [1]
        guard size == (1..<widths.count).reduce(0, { $0 + (widths[$1 - 1] + 1) * widths[$1] }) else { throw Misfit.sizes }
        let model = try MultilayerPerceptron(inputs: drivers, hidden: hidden, activation: activation, dtype: dtype)
        model.normalisation = Normalisation(mean: mean[i].map { Float($0) }, deviation: deviation[i].map { Float($0) })
        try model.setWeights(Array(weights[next..<(next + size)]))
        next += size
        return TrainedMember(variant: variants[try whole(variant[i], 0, variants.count - 1)].name, fold: try whole(fold[i], 1, 1_000_000) - 1,
          seed: try seed(seeds[i]), replicate: try whole(replicate[i], 1, 1_000_000) - 1, model: model, epoch: try whole(epoch[i], 0, Int(Int32.max)),
          steps: try whole(steps[i], 0, Int(Int32.max)), heldOutYears: own, weightsConverged: converged[i] == 1)
      }
      guard next == weights.count, nextYear == years.count else { throw Misfit.sizes }
      return members
    }

    private func records(_ variants: [TrainingPlan.Variant], _ terms: [String]) throws -> [EpochRecord] {
      let seeds = words["epoch_seed"] ?? [], count = seeds.count
      func column(_ name: String) throws -> [Double] { try rows(name, 1, count).map { $0[0] } }
      let variant = try column("epoch_variant"), fold = try column("epoch_fold"), replicate = try column("epoch_replicate"), number = try column("epoch_number")
      let score = try column("score"), gap = try column("gap"), largest = try column("largest_gap")
      let train = try rows("train", terms.count, count), valid = try rows("valid", terms.count, count), weight = try rows("term_weight", terms.count, count)
      return try (0..<count).map { i in
        let mine = variants[try whole(variant[i], 0, variants.count - 1)], places = mine.terms.compactMap { name in terms.firstIndex(of: name) }
        let factors = places.map { weight[i][$0] }
        return EpochRecord(variant: mine.name, fold: try whole(fold[i], 1, 1_000_000), epoch: try whole(number[i], 1, Int(Int32.max)),
          train: places.map { (term: terms[$0], loss: train[i][$0]) }, valid: places.map { (term: terms[$0], loss: valid[i][$0]) },
          weights: factors.allSatisfy(\.isNaN) ? [] : factors, score: score[i], seconds: .nan, gap: gap[i], largestGap: largest[i],
          seed: try seed(seeds[i]), replicate: try whole(replicate[i], 1, 1_000_000) - 1)
      }
    }

    private func rows(_ name: String, _ width: Int, _ count: Int) throws -> [[Double]] {
      let values = numbers[name] ?? []
      guard values.count == width * count else { throw Misfit.sizes }
      return (0..<count).map { Array(values[($0 * width)..<(($0 + 1) * width)]) }
    }

    private func list(_ values: [String]?, _ count: Int) throws -> [String] {
      guard let values, values.count == count else { throw Misfit.sizes }
      return values
    }

    private func whole(_ x: Double, _ smallest: Int, _ largest: Int) throws -> Int {
      guard let n = Int(exactly: x), n >= smallest, n <= largest else { throw Misfit.sizes }
      return n
    }

    private func seed(_ text: String) throws -> UInt64 {
      guard let seed = UInt64(text) else { throw Misfit.sizes }
      return seed
    }
  }
}
