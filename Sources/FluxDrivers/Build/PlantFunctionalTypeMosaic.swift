import FluxCore

/// The share of each plant functional type in each land pixel, and the mixing
/// of variables that are stored per type.
///
/// - Shape: `[type, pixel]`, fractions 0 … 1.
/// - Reference: Jung et al. (2020), doi:10.5194/bg-17-1343-2020: variables are stored
///   by type and "reconstructed by the percentage of the component types in each pixel".
public struct PlantFunctionalTypeMosaic: Sendable {
  /// The types' names.
  public let names: [String]
  public let pixelCount: Int
  private let fractions: [Float]

  /// - Parameter fractions: shape `[type, pixel]`; NaN and negative values count as zero.
  /// - Throws: ``FluxError`` when the fractions are not one row per name.
  public init(names: [String], fractions: [Float], pixelCount: Int) throws {
    guard fractions.count == names.count * pixelCount else {
      throw FluxError(
        "\(fractions.count) fractions", at: "PlantFunctionalTypeMosaic",
        expected: "\(names.count) types × \(pixelCount) pixels")
    }
    self.names = names
    self.pixelCount = pixelCount
    self.fractions = fractions.map { $0 > 0 ? $0 : 0 }
  }

  /// Σ f v / Σ f over the types that have a value at the pixel; NaN where none has.
  ///
  /// - Parameters:
  ///   - values: shape `[type, pixel]`, NaN where missing.
  ///   - mixed: shape `[pixel]`, in the unit of `values`.
  public func mix(_ values: UnsafePointer<Float>, into mixed: UnsafeMutablePointer<Float>) {
    fractions.withUnsafeBufferPointer { fractions in
      for pixel in 0..<pixelCount {
        var sum: Float = 0, share: Float = 0
        for type in names.indices {
          let at = type * pixelCount + pixel
          guard values[at].isFinite, fractions[at] > 0 else { continue }
          sum += fractions[at] * values[at]
          share += fractions[at]
        }
        mixed[pixel] = share > 0 ? sum / share : .nan
      }
    }
  }

  /// Types and fractions, for the fingerprint of a build.
  func combine(into hash: inout ContentHash) {
    names.forEach { hash.combine($0) }
    hash.combine(fractions)
  }
}
