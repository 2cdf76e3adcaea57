/// The date that ghostscript writes into a PDF: left out, so that equal figures are equal files.
enum PDFDate {
  /// Sets every digit of dates and identifiers to 0; lengths stay, so the file's table of places holds.
  static func removed(from bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    func blank(after mark: String, until end: Set<UInt8>) {
      let pattern = Array(mark.utf8)
      var i = 0
      while i + pattern.count < bytes.count {
        guard bytes[i] == pattern[0], bytes[i..<i + pattern.count].elementsEqual(pattern) else {
          i += 1
          continue
        }
        i += pattern.count
        while i < bytes.count, !end.contains(bytes[i]) {
          if (48...57).contains(bytes[i]) || (65...70).contains(bytes[i]) || (97...102).contains(bytes[i]) { bytes[i] = 48 }
          i += 1
        }
      }
    }
    let bracket: Set<UInt8> = [41, 60]
    for mark in ["/CreationDate(D:", "/ModDate(D:", "<xmp:CreateDate>", "<xmp:ModifyDate>"] { blank(after: mark, until: bracket) }
    for mark in ["rdf:about=\"uuid:", "xapMM:DocumentID=\"uuid:", "xapMM:DocumentID='uuid:", "rdf:about='uuid:"] { blank(after: mark, until: [34, 39]) }
    blank(after: "/ID [<", until: [93])
    return bytes
  }
}
