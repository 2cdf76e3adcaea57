/// Sites that must not be parted because each knows the other's answer.
enum SiteGroups {
  /// Edge of the cells within which sites share their drivers, degrees.
  static let cellSize = 0.5

  /// Joins sites within `kilometres` of one another or in one 0.5° cell, through third sites too.
  ///
  /// - Returns: for each site the smallest index of its group. With `kilometres` 0 each site is its own group;
  ///   a site without a place always is. Shape `[site]`.
  static func join(_ sites: [TowerSite], within kilometres: Double) -> [Int] {
    var parent = Array(sites.indices)
    guard kilometres > 0 else { return parent }
    func root(_ i: Int) -> Int {
      var i = i
      while parent[i] != i {
        parent[i] = parent[parent[i]]
        i = parent[i]
      }
      return i
    }
    for i in sites.indices {
      for j in sites.indices where j > i && areNear(sites[i], sites[j], within: kilometres) {
        let a = root(i), b = root(j)
        if a != b { parent[max(a, b)] = min(a, b) }
      }
    }
    return sites.indices.map(root)
  }

  static func areNear(_ a: TowerSite, _ b: TowerSite, within kilometres: Double) -> Bool {
    func cell(_ degrees: Double) -> Double { (degrees / cellSize).rounded(.down) }
    if cell(a.latitude) == cell(b.latitude), cell(a.longitude) == cell(b.longitude) { return true }   // NaN is in no cell
    return a.distance(to: b) <= kilometres
  }
}
