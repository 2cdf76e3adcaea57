import FluxCore
import FluxData

/// What draws figures, tried: for `fluxbridge doctor`. A version says that a library is there, not that it can draw.
public enum FigureTrial {
  /// Draws a small coast by GMT and ghostscript, in a folder that goes away.
  ///
  /// - Returns: GMT's version and what was drawn; nil where GMT is missing.
  /// - Throws: ``FluxError`` where it is there and cannot draw, as without its coastlines.
  public static func coast() throws -> String? {
    guard let version = GMTLibrary.version else { return nil }
    let place = "doctor", began = MonotonicClock.seconds
    guard Command.exists("gs") else { throw FluxError("there is no program 'gs'", at: place) }
    let folder = try DrawingFolder(at: place)
    let page = "\(folder.path)/page.ps"
    try GMTLibrary.withSession(at: place) { session in
      try session.run(GMTStep("pscoast", ["-R-11/3/49.5/59.5", "-JM4c", "-Dc", "-W0.25p", "-P", "->\(page)"]))
      try session.run(GMTStep("psconvert", [page, "-Tg", "-A", "-E100"]))
    }
    let bytes = try BinaryFile.read("\(folder.path)/page.png")
    // An empty page of this size has 200 bytes.
    guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]), bytes.count > 500 else {
      throw FluxError("the coast that GMT \(version) drew is blank (\(bytes.count) bytes)", at: place)
    }
    return "\(version), drew a coast of \(bytes.count) bytes in \(DecimalText.fixed(MonotonicClock.seconds - began, 2)) s"
  }

  /// Turns a page into SVG, as a figure's PDF is.
  ///
  /// - Returns: what was written; nil where `pdftocairo` is missing.
  public static func vectors() throws -> String? {
    guard Command.exists("pdftocairo") else { return nil }
    let place = "doctor", folder = try DrawingFolder(at: place)
    let pdf = try folder.write(onePage, "pdf"), svg = folder.newPath("svg")
    try Command.run(["pdftocairo", "-svg", pdf, svg], package: "poppler-utils", at: place)
    let bytes = try BinaryFile.read(svg)
    guard String(decoding: bytes, as: UTF8.self).contains("<path") else {
      throw FluxError("the page that pdftocairo wrote is blank (\(bytes.count) bytes)", at: place)
    }
    return "pdftocairo, turned a page into \(bytes.count) bytes"
  }

  /// A line across a page. Places of objects are found anew by a reader that misses the table of them, with a word on
  /// standard error: so the table is here.
  static var onePage: String {
    let drawn = "1 1 m 9 9 l S"
    let objects = [
      "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
      "<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]/Contents 4 0 R/Resources<<>>>>",
      "<</Length \(drawn.utf8.count)>>stream\n\(drawn)\nendstream\n",
    ]
    var text = "%PDF-1.4\n", places: [Int] = []
    for (i, object) in objects.enumerated() {
      places.append(text.utf8.count)
      text += "\(i + 1) 0 obj\(object)endobj\n"
    }
    let table = text.utf8.count
    text += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
    for place in places { text += String(repeating: "0", count: 10 - "\(place)".count) + "\(place) 00000 n \n" }
    return text + "trailer<</Size \(objects.count + 1)/Root 1 0 R>>\nstartxref\n\(table)\n%%EOF\n"
  }
}
