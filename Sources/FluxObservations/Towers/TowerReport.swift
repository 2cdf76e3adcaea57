/// What was read, what was dropped, and why: printed when a set of towers is opened.
///
/// QC counts good *gap-filled* half-hours too, so it does not remove the bias of
/// calm nights: the kept fraction by month and class shows where it bites.
public struct TowerReport: Sendable, Equatable, CustomStringConvertible {
  /// Kept and all days of one month or class.
  public struct Share: Sendable, Equatable {
    public var kept = 0, all = 0
    public var fraction: Double { all == 0 ? .nan : Double(kept) / Double(all) }
  }

  /// What happened to the files.
  public struct Reading: Sendable, Equatable {
    /// Files that were read.
    public var files = 0
    /// Files that were left aside, with the reason.
    public var skipped: [String] = []
    /// Sites dropped because the site table does not know them.
    public var unknownSites: [String] = []
    /// Days that two files of a site give; the first was taken.
    public var repeatedDays = 0
    /// Sites whose files lack a driver that others have.
    public var lacking: [String: [String]] = [:]
    public init() {}
  }

  public var reading: Reading
  public let siteCount: Int
  public let minimumQuality: Double
  /// All days from first to last of every record, and what became of them.
  public private(set) var days = Share()
  public private(set) var missing = 0, withoutQuality = 0, belowQuality = 0
  /// January … December.
  public private(set) var months = [Share](repeating: Share(), count: 12)
  /// By IGBP class; `?` where it is unknown.
  public private(set) var classes: [String: Share] = [:]

  init(_ records: [TowerRecord], minimumQuality: Double, reading: Reading) {
    self.reading = reading
    self.minimumQuality = minimumQuality
    siteCount = records.count
    for record in records {
      var share = Share()
      for i in 0..<record.dayCount {
        let isKept = record.isKept(i, quality: minimumQuality)
        let month = record.day(i).month - 1
        months[month].all += 1
        share.all += 1
        if isKept {
          months[month].kept += 1
          share.kept += 1
        } else if record.nee[i].isNaN {
          missing += 1
        } else if record.quality[i].isNaN {
          withoutQuality += 1
        } else {
          belowQuality += 1
        }
      }
      days.kept += share.kept
      days.all += share.all
      let name = record.site.igbp.isEmpty ? "?" : record.site.igbp
      classes[name, default: Share()].kept += share.kept
      classes[name, default: Share()].all += share.all
    }
  }

  public var description: String {
    var lines = ["\(siteCount) sites, \(days.kept) of \(days.all) days kept (\(Self.percent(days)))"]
    lines.append("├── dropped: \(missing) without NEE, \(withoutQuality) without QC, \(belowQuality) with QC below \(minimumQuality)")
    if reading.repeatedDays > 0 { lines.append("├── \(reading.repeatedDays) days given by two files of a site: the first was taken") }
    if !reading.unknownSites.isEmpty {
      lines.append("├── not in the site table, dropped: \(Self.list(reading.unknownSites))")
    }
    for (driver, sites) in reading.lacking.sorted(by: { $0.key < $1.key }) {
      lines.append("├── without '\(driver)': \(Self.list(sites))")
    }
    if !reading.skipped.isEmpty { lines.append("├── \(reading.skipped.count) files left aside: \(Self.list(reading.skipped, most: 3))") }
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    lines.append("├── kept by month: " + zip(names, months).map { "\($0) \(Self.percent($1))" }.joined(separator: ", "))
    lines.append(
      "└── kept by class: "
        + classes.sorted { $0.key < $1.key }.map { "\($0.key) \(Self.percent($0.value)) of \($0.value.all)" }.joined(separator: ", "))
    return lines.joined(separator: "\n")
  }

  private static func percent(_ share: Share) -> String {
    share.all == 0 ? "–" : "\(Int((100 * share.fraction).rounded())) %"
  }

  private static func list(_ names: [String], most: Int = 8) -> String {
    names.prefix(most).joined(separator: ", ") + (names.count > most ? ", … (\(names.count))" : "")
  }
}
