import FluxCore
import FluxData

/// What an archive hides from the pipeline: the true fluxes of every pixel and of the towers' days.
///
/// The only way to it. Nothing that trains, builds a bridge or selects may hold one.
public struct TwinTruth: Sendable {
  /// Daily, gC m⁻² d⁻¹ of land, positive to the atmosphere. Shape `[time, lat, lon]`, NaN at sea.
  public let nee: Cube
  public let gpp: Cube
  public let ter: Cube
  /// The water index that the true vegetation feels, 0…1.
  public let water: Cube
  public let towers: Towers
  public let path: String

  /// The true flux of site-days, in the order of the file.
  public struct Towers: Sendable {
    public let site: [String]
    /// YYYYMMDD.
    public let date: [Int]
    /// The landscape's true flux, gC m⁻² d⁻¹.
    public let nee: [Float]
    /// The stand's: with its leaf area and its growth, seen by a perfect instrument.
    public let stand: [Float]
    private let place: [String: Range<Int>]

    init(site: [String], date: [Int], nee: [Float], stand: [Float]) {
      self.site = site
      self.date = date
      self.nee = nee
      self.stand = stand
      var place: [String: Range<Int>] = [:], first = 0
      for k in site.indices where k + 1 == site.count || site[k + 1] != site[k] {
        place[site[k]] = first..<(k + 1)
        first = k + 1
      }
      self.place = place
    }

    /// The true landscape flux of a site's day, or nil when the twin has no such day.
    ///
    /// - Parameter date: YYYYMMDD.
    public func nee(site: String, date: Int) -> Float? {
      guard let range = place[site] else { return nil }
      var low = range.lowerBound, high = range.upperBound
      while low < high {
        let middle = (low + high) / 2
        if self.date[middle] < date { low = middle + 1 } else { high = middle }
      }
      return low < range.upperBound && self.date[low] == date ? nee[low] : nil
    }
  }

  /// Opens the truth of an archive.
  ///
  /// - Parameter path: the archive's folder.
  /// - Throws: ``FluxError`` when the folder is no archive of the twin.
  public static func open(_ path: String) throws -> TwinTruth {
    func cube(_ name: String) throws -> Cube { try Cube.open("\(path)/truth/\(name).nc", variable: name) }
    return TwinTruth(
      nee: try cube("nee"), gpp: try cube("gpp"), ter: try cube("ter"), water: try cube("water"),
      towers: try Towers(file: path + "/truth/towers.csv"), path: path)
  }
}
