import FluxCore
import FluxData

/// Which sites train and which judge: cross-validation by site.
///
/// A site is never in two folds, and neighbours share one (SCIENCE §3), so that a model is judged where it has
/// seen nothing near.
public struct Folds: Sendable, CustomStringConvertible {
  public let count: Int
  public let sites: [TowerSite]
  /// Fold of each site, from 0; ``Folds/test`` for sites kept out of every fold. Shape `[site]`.
  public let fold: [Int]
  /// Days of each fold, and of the test sites.
  public let dayCounts: [Int], testDayCount: Int
  /// Neighbours that plain folds by site would have parted, or that a fold file parts.
  public let leakage: LeakageReport

  /// The fold of the test sites.
  public static let test = -1

  /// Draws folds of nearly equal numbers of site-days.
  ///
  /// The groups of neighbours are taken in order of size, `count` at a time, and each lot is dealt to the folds at random.
  ///
  /// - Parameters:
  ///   - dayCounts: kept days of each site. Shape `[site]`.
  ///   - groupKilometres: sites nearer than this, or in one 0.5° cell, share a fold; 0 restores plain folds by site.
  ///   - testFraction: share of the sites kept out of all folds, in whole groups.
  /// - Throws: ``FluxError`` when there are fewer groups than folds.
  public static func bySite(
    _ sites: [TowerSite], dayCounts: [Int], count: Int = 10, seed: UInt64 = 1, groupKilometres: Double = 50, testFraction: Double = 0
  ) throws -> Folds {
    guard count >= 2 else { throw FluxError("\(count) folds", at: "towers:folds", expected: "at least 2") }
    guard groupKilometres >= 0, groupKilometres.isFinite else {
      throw FluxError("group_km = \(groupKilometres)", at: "towers:folds", expected: "kilometres, 0 or more")
    }
    guard (0..<1).contains(testFraction) else {
      throw FluxError("test_sites = \(testFraction)", at: "towers:folds", expected: "a share in 0 … 1")
    }
    let fold = try deal(SiteGroups.join(sites, within: groupKilometres), dayCounts, count, seed, testFraction)
    let plain = groupKilometres > 0 ? try? deal(Array(sites.indices), dayCounts, count, seed, testFraction) : nil
    return Folds(
      count: count, sites: sites, fold: fold, days: dayCounts,
      leakage: LeakageReport(sites, parted: plain ?? fold, within: groupKilometres > 0 ? groupKilometres : 50, isMended: plain != nil))
  }

  /// Folds of a run without towers: windows alone are held out.
  ///
  /// - Throws: ``FluxError`` for less than one.
  public static func withoutSites(count: Int) throws -> Folds {
    guard count >= 1 else { throw FluxError("\(count) folds", at: "trainer", expected: "at least 1") }
    return Folds(count: count, sites: [], fold: [], days: [], leakage: LeakageReport([], parted: [], within: 50, isMended: false))
  }

  /// Reads folds from a table with the columns `site` and `fold` (any labels; `test` keeps a site out).
  ///
  /// - Throws: ``FluxError`` when a site of the set is not in the file.
  public static func read(_ path: String, sites: [TowerSite], dayCounts: [Int]) throws -> Folds {
    let file = try DelimitedText(path: path)
    let siteColumn = try file.require("site"), foldColumn = try file.require("fold")
    var labels: [String: String] = [:]
    try file.forEachRow { row in labels[row.text(siteColumn)] = row.text(foldColumn) }
    let missing = sites.filter { labels[$0.id] == nil }.map(\.id)
    guard missing.isEmpty else {
      throw FluxError(
        "\(missing.count) sites have no fold in \(path): \(DelimitedText.list(missing))", at: "towers:folds", expected: "a line for each site",
        remedy: "Add them, or leave them out with t:except{sites = …}.")
    }
    let names = Set(sites.map { labels[$0.id]! }.filter { $0.lowercased() != "test" })
    let order = names.sorted { a, b in
      if let x = Double(a), let y = Double(b) { return x < y }
      return a < b
    }
    guard order.count >= 2 else { throw FluxError("\(path) has \(order.count) fold", at: "towers:folds", expected: "at least 2") }
    let fold = sites.map { order.firstIndex(of: labels[$0.id]!) ?? test }
    return Folds(
      count: order.count, sites: sites, fold: fold, days: dayCounts, leakage: LeakageReport(sites, parted: fold, within: 50, isMended: false))
  }

  /// The sites that train the member of a fold: all others but the test sites.
  public func trainingSites(_ member: Int) -> [Int] { sites.indices.filter { fold[$0] != member && fold[$0] != Self.test } }
  /// The sites held out of a fold's member.
  public func validationSites(_ member: Int) -> [Int] { sites.indices.filter { fold[$0] == member } }
  /// - Throws: ``FluxError`` when there is no fold `member`, from 0.
  public func check(_ member: Int, at place: String) throws {
    guard (0..<count).contains(member) else { throw FluxError("fold \(member + 1)", at: place, expected: "1 … \(count)") }
  }

  public var testSites: [Int] { sites.indices.filter { fold[$0] == Self.test } }

  public var description: String {
    let sizes = (0..<count).map { member in "\(validationSites(member).count) (\(dayCounts[member]) days)" }
    let held = testSites.isEmpty ? "" : ", test sites \(testSites.count) (\(testDayCount) days)"
    return "\(count) folds of sites: \(sizes.joined(separator: ", "))\(held)\n\(leakage)"
  }

  private init(count: Int, sites: [TowerSite], fold: [Int], days: [Int], leakage: LeakageReport) {
    self.count = count
    self.sites = sites
    self.fold = fold
    self.leakage = leakage
    dayCounts = (0..<count).map { member in sites.indices.reduce(0) { $0 + (fold[$1] == member ? days[$1] : 0) } }
    testDayCount = sites.indices.reduce(0) { $0 + (fold[$1] == Self.test ? days[$1] : 0) }
  }

  /// Deals groups to folds. Shape `[site]`.
  private static func deal(_ group: [Int], _ dayCounts: [Int], _ count: Int, _ seed: UInt64, _ testFraction: Double) throws -> [Int] {
    var members: [Int: [Int]] = [:]
    for (site, root) in group.enumerated() { members[root, default: []].append(site) }
    var random = RandomStream(seed: seed, purpose: "folds")
    var roots = members.keys.sorted()
    var fold = [Int](repeating: test, count: group.count)

    let wanted = Int((testFraction * Double(group.count)).rounded())
    if wanted > 0 {
      var left = wanted
      for i in random.permutation(roots.count) where left > 0 && members[roots[i]]!.count <= left {
        left -= members[roots[i]]!.count
        members[roots[i]] = nil
      }
      roots = roots.filter { members[$0] != nil }
    }
    guard roots.count >= count else {
      throw FluxError(
        "\(count) folds of \(roots.count) groups of sites", at: "towers:folds", expected: "at most as many folds as groups",
        remedy: "Ask for fewer folds, or part neighbours with group_km = 0.")
    }
    let days = members.mapValues { $0.reduce(0) { $0 + dayCounts[$1] } }
    roots.sort { (days[$0]!, $1) > (days[$1]!, $0) }
    var start = 0
    while start < roots.count {
      let lot = Array(roots[start..<min(start + count, roots.count)])
      let order = random.permutation(count)
      for (k, root) in lot.enumerated() { for site in members[root]! { fold[site] = order[k] } }
      start += count
    }
    return fold
  }
}
