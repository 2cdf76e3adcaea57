import FluxCore
import FluxModels
import FluxObservations
import FluxTensor

/// Towers' site-days, read in batches: the stream whose operator is the model itself.
public final class TowerDays {
  public let days: SiteDays
  private lazy var record = SiteRecord(days)

  /// - Parameter days: site by site and in order of time within a site.
  public init(_ days: SiteDays) { self.days = days }

  /// Some rows of the site-days, gathered as a model reads them.
  ///
  /// - Throws: ``FluxError`` when memory is short.
  public func samples(_ rows: [Int]) throws -> Samples { try Samples(days, rows: rows) { [self] in record } }

  /// Some rows of the site-days with what was observed there.
  ///
  /// - Parameter siteWeight: one weight a site. Shape `[site]`.
  /// - Throws: ``FluxError`` when memory is short.
  public func batch(_ rows: [Int], siteWeight: [Float]) throws -> TowerBatch {
    TowerBatch(
      samples: try samples(rows), observed: try Tensor(rows.map { days.nee[$0] }, names: ["sample"]),
      weight: try Tensor(rows.map { days.weight[$0] }, names: ["sample"]),
      siteWeight: try Tensor(rows.map { siteWeight[Int(days.siteIndex[$0])] }, names: ["sample"]), rows: rows,
      days: days)
  }

  /// 1 / days of each site among `rows`, scaled to a mean of 1 over them. Shape `[site]`.
  public func siteWeights(_ rows: [Int]) -> [Float] {
    var counts = [Double](repeating: 0, count: days.sites.count)
    for row in rows { counts[Int(days.siteIndex[row])] += 1 }
    let present = Double(counts.reduce(0) { $0 + ($1 > 0 ? 1 : 0) })
    return counts.map { $0 > 0 ? Float(Double(rows.count) / (present * $0)) : 0 }
  }
}

/// A batch of tower samples.
public struct TowerBatch {
  /// Drivers, physical units, in rows.
  public let samples: Samples
  /// NEE, gC m⁻² d⁻¹, positive to the atmosphere. Shape `[sample]`.
  public let observed: Tensor
  /// Of the samples as they came, 1 unless set. Shape `[sample]`.
  public let weight: Tensor
  /// Makes every site count equally over the whole set that the batch is drawn from. Shape `[sample]`.
  public let siteWeight: Tensor
  /// Rows of ``days``, for what is asked rarely (site, date).
  public let rows: [Int]
  /// The trainer's samples; nil for a batch that was made of plain tensors.
  public let days: SiteDays?

  public init(
    samples: Samples, observed: Tensor, weight: Tensor, siteWeight: Tensor, rows: [Int], days: SiteDays? = nil
  ) {
    self.samples = samples
    self.observed = observed
    self.weight = weight
    self.siteWeight = siteWeight
    self.rows = rows
    self.days = days
  }

  /// Drivers, physical units. Shape `[sample, driver]`.
  public var x: Tensor { samples.drivers }
}
