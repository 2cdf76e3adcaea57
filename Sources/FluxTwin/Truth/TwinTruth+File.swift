import FluxCore
import Glibc

extension TwinTruth.Towers {
  static let header = "site,TIMESTAMP,nee,nee_stand"

  /// Reads `truth/towers.csv`, which ``TwinArchiveWriter`` wrote.
  ///
  /// - Throws: ``FluxError`` naming the line of anything else.
  init(file path: String) throws {
    guard let file = fopen(path, "r") else {
      throw FluxError(
        "cannot open \(path): \(String(cString: strerror(errno)))", at: "twin.truth", expected: "the folder of a twin archive",
        remedy: "Make one with twin.archive{path=…}.")
    }
    defer { fclose(file) }
    var site: [String] = [], date: [Int] = [], nee: [Float] = [], stand: [Float] = []
    var line = [CChar](repeating: 0, count: 256), number = 0
    while fgets(&line, Int32(line.count), file) != nil {
      number += 1
      let text = line.withUnsafeBufferPointer { String(decoding: UnsafeRawBufferPointer($0).prefix { $0 != 0 && $0 != 0x0A && $0 != 0x0D }, as: UTF8.self) }
      if number == 1 {
        guard text == Self.header else { throw FluxError("the columns '\(text)'", at: path, expected: Self.header) }
        continue
      }
      let fields = text.split(separator: ",", omittingEmptySubsequences: false)
      guard fields.count == 4, let day = Int(fields[1]), let flux = Float(fields[2]), let own = Float(fields[3]) else {
        throw FluxError("line \(number): '\(text)'", at: path, expected: Self.header)
      }
      // One string a site, not one a day.
      if let last = site.last, last == fields[0] { site.append(last) } else { site.append(String(fields[0])) }
      date.append(day)
      nee.append(flux)
      stand.append(own)
    }
    self.init(site: site, date: date, nee: nee, stand: stand)
  }
}
