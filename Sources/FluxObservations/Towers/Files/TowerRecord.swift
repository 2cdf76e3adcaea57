/// One site's daily record: every day from its first to its last, without holes in the calendar.
///
/// Days that no file gives are there with NaN, so that a step in an array is a step of one day.
public struct TowerRecord: Sendable {
  public let site: TowerSite
  /// The day of element 0.
  public let firstDay: DayNumber
  /// Net ecosystem exchange, gC m⁻² d⁻¹, positive to the atmosphere; NaN missing. Shape `[day]`.
  public let nee: [Float]
  /// Fraction of good half-hours, 0 … 1; NaN missing. Shape `[day]`.
  public let quality: [Float]
  /// One series for each name of the set, in its order; NaN missing. Shape `[driver][day]`.
  public let drivers: [[Float]]
  /// The files it was read from.
  public let files: [String]

  public init(site: TowerSite, firstDay: DayNumber, nee: [Float], quality: [Float], drivers: [[Float]], files: [String] = []) {
    self.site = site
    self.firstDay = firstDay
    self.nee = nee
    self.quality = quality
    self.drivers = drivers
    self.files = files
  }

  public var dayCount: Int { nee.count }
  public func day(_ index: Int) -> DayNumber { firstDay + index }

  /// Whether the NEE of a day is there and good enough.
  public func isKept(_ index: Int, quality minimum: Double) -> Bool {
    !nee[index].isNaN && (minimum <= 0 || quality[index] >= Float(minimum))
  }
}
