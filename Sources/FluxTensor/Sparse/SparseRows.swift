import FluxCore

/// A sparse matrix over samples in compressed rows: what a linear observation operator makes of one flux a sample.
///
/// - Shape: `[row, sample]`; row r holds the entries `bounds[r] ..< bounds[r + 1]`.
/// - Units: of a weight, the unit of the observation per unit of the flux.
public struct SparseRows: Sendable {
  /// Where each row's entries begin, and where the last ends. Shape `[row + 1]`, ascending from 0.
  public let bounds: [Int]
  /// The sample of each entry; nil for a partition, in which entry k is sample k. Shape `[entry]`.
  public let columns: [Int32]?
  /// What a unit flux of the entry's sample adds to its row. Shape `[entry]`.
  public let weights: [Float]
  public let sampleCount: Int

  /// A partition: each sample in one row, the samples of a row side by side.
  ///
  /// - Throws: ``FluxError`` when the bounds do not ascend from 0 to the number of weights.
  public init(partition bounds: [Int], weights: [Float]) throws {
    try self.init(bounds: bounds, columns: nil, weights: weights, sampleCount: weights.count)
  }

  /// - Parameters:
  ///   - columns: the sample of each entry; rows may overlap.
  ///   - sampleCount: of samples, each of which is evaluated once however many rows see it.
  /// - Throws: ``FluxError`` when the bounds do not ascend from 0 to the number of entries, or an entry names no sample.
  public init(bounds: [Int], columns: [Int32], weights: [Float], sampleCount: Int) throws {
    guard columns.count == weights.count, columns.allSatisfy({ (0..<sampleCount).contains(Int($0)) }) else {
      throw FluxError(
        "\(columns.count) columns, \(weights.count) weights, the largest column \(columns.max() ?? 0)", at: "SparseRows",
        expected: "a weight a column, and columns of 0 to \(sampleCount - 1)")
    }
    let isPartition = columns.count == sampleCount && columns.enumerated().allSatisfy { $0 == Int($1) }
    try self.init(bounds: bounds, columns: isPartition ? nil : columns, weights: weights, sampleCount: sampleCount)
  }

  private init(bounds: [Int], columns: [Int32]?, weights: [Float], sampleCount: Int) throws {
    let ascends = zip(bounds, bounds.dropFirst()).allSatisfy { $0 <= $1 }
    guard bounds.first == 0, bounds.last == weights.count, ascends else {
      throw FluxError(
        "rows up to entry \(bounds.last ?? 0) of \(weights.count) weights", at: "SparseRows",
        expected: "ascending bounds from 0 to the last entry")
    }
    self.bounds = bounds
    self.columns = columns
    self.weights = weights
    self.sampleCount = sampleCount
  }

  public var count: Int { bounds.count - 1 }
  /// Whether every sample belongs to one row, and the samples of a row lie side by side.
  public var isPartition: Bool { columns == nil }

  /// The sample of an entry.
  @inline(__always)
  public func sample(of entry: Int) -> Int { columns.map { Int($0[entry]) } ?? entry }
}
