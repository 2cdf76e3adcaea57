import FluxCore

/// A picture in memory.
public struct Raster: Sendable {
  public let width, height: Int
  /// Red, green, blue of each pixel, from the top left.
  public let bytes: [UInt8]

  /// Reads the binary PPM that ghostscript writes.
  init(portablePixmap file: [UInt8], at place: String) throws {
    var position = 0, fields: [Int] = []
    func fail() -> FluxError { FluxError("the picture is no portable pixmap", at: place) }
    guard file.starts(with: Array("P6".utf8)) else { throw fail() }
    position = 2
    while fields.count < 3, position < file.count {
      if file[position] == 35 {
        while position < file.count, file[position] != 10 { position += 1 }
      } else if (48...57).contains(file[position]) {
        var n = 0
        while position < file.count, (48...57).contains(file[position]), n < 1 << 24 {
          n = n * 10 + Int(file[position] - 48)
          position += 1
        }
        fields.append(n)
      } else {
        position += 1
      }
    }
    guard fields.count == 3, fields[2] == 255, fields[0] > 0, fields[1] > 0, file.count - position - 1 >= 3 * fields[0] * fields[1] else { throw fail() }
    (width, height) = (fields[0], fields[1])
    bytes = Array(file[(position + 1)..<(position + 1 + 3 * width * height)])
  }

  /// The share of pixels in a part, in shares of width and height from the top left, that are not white.
  public func inkShare(x: ClosedRange<Double> = 0...1, y: ClosedRange<Double> = 0...1) -> Double {
    var inked = 0, all = 0
    for row in Int(y.lowerBound * Double(height))..<max(1, Int(y.upperBound * Double(height))) {
      for column in Int(x.lowerBound * Double(width))..<max(1, Int(x.upperBound * Double(width))) {
        let i = 3 * (row * width + column)
        all += 1
        if bytes[i] < 250 || bytes[i + 1] < 250 || bytes[i + 2] < 250 { inked += 1 }
      }
    }
    return all > 0 ? Double(inked) / Double(all) : 0
  }
}
