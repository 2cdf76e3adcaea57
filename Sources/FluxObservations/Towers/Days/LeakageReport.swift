/// Neighbouring sites that plain folds by site would put into different folds.
///
/// What a neighbour has measured tells much of a site's answer: such pairs flatter a score.
public struct LeakageReport: Sendable, Equatable, CustomStringConvertible {
  public struct Pair: Sendable, Equatable {
    public let first: String, second: String
    /// Between the two, km.
    public let distance: Double
  }

  /// In order of distance.
  public let pairs: [Pair]
  /// Whether the folds in use keep these pairs together.
  public let isMended: Bool
  /// The distance below which sites are neighbours, km.
  public let kilometres: Double

  init(_ sites: [TowerSite], parted fold: [Int], within kilometres: Double, isMended: Bool) {
    var pairs: [Pair] = []
    for i in sites.indices {
      for j in sites.indices where j > i && fold[i] != fold[j] && SiteGroups.areNear(sites[i], sites[j], within: kilometres) {
        pairs.append(Pair(first: sites[i].id, second: sites[j].id, distance: sites[i].distance(to: sites[j])))
      }
    }
    self.pairs = pairs.sorted { ($0.distance, $0.first, $0.second) < ($1.distance, $1.first, $1.second) }
    self.isMended = isMended
    self.kilometres = kilometres
  }

  public var description: String {
    if pairs.isEmpty { return "no neighbours within \(Int(kilometres)) km are parted" }
    let list = pairs.prefix(6).map { "\($0.first)–\($0.second) \(Int($0.distance.rounded())) km" }.joined(separator: ", ")
    let more = pairs.count > 6 ? ", …" : ""
    return isMended
      ? "kept together, parted by plain folds: \(pairs.count) pairs of neighbours (\(list)\(more))"
      : "leakage: \(pairs.count) pairs of neighbours stand in different folds (\(list)\(more))"
  }
}
