@testable import FluxData
@testable import FluxObservations
import Foundation
import TestSupport


/// A folder of small tower files, removed with the value.
final class TowerFixture: Sendable {
  private let folder = TestFolder()
  var path: String { folder.path }

  /// Writes a file and gives its path.
  @discardableResult
  func write(_ name: String, _ text: String) -> String { write(name, Array(text.utf8)) }
  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) -> String {
    _ = FileManager.default.createFile(atPath: path + "/" + name, contents: Data(bytes))
    return path + "/" + name
  }

  /// A daily file of `days` days from 1 January 2005: NEE −1, −2, …; QC as given, else 1; temperature 10, 11, ….
  @discardableResult
  func writeDaily(_ site: String, days: Int, quality: (Int) -> Double = { _ in 1 }) -> String {
    var text = "TIMESTAMP,NEE_VUT_REF,NEE_VUT_REF_QC,TA_F,SW_IN_F,VPD_F\n"
    let first = DayNumber(year: 2005, month: 1, day: 1)!
    for i in 0..<days {
      let stamp = (first + i).description.filter { $0 != "-" }
      text += "\(stamp),\(-1 - i),\(quality(i)),\(10 + i),\(100 + i),5\n"
    }
    return write("FLX_\(site)_FLUXNET2015_SUBSET_DD_2005-2005_1-1.csv", text)
  }

  /// A record of `days` kept days.
  static func record(_ id: String, _ latitude: Double, _ longitude: Double, igbp: String = "ENF", days: Int = 10) -> TowerRecord {
    TowerRecord(
      site: TowerSite(id: id, latitude: latitude, longitude: longitude, igbp: igbp), firstDay: DayNumber(year: 2005, month: 1, day: 1)!,
      nee: [Float](repeating: -1, count: days), quality: [Float](repeating: 1, count: days), drivers: [(0..<days).map { Float($0) }])
  }
}
