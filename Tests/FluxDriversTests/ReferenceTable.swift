import Glibc

/// The rows of a comma-separated file in `Tests/ReferenceData`.
func referenceTable(_ name: String, file: String = #filePath) -> [[String]] {
  let tests = file.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
  guard let handle = fopen("\(tests)/ReferenceData/\(name)", "r") else { return [] }
  defer { fclose(handle) }
  var bytes: [UInt8] = []
  var byte = fgetc(handle)
  while byte != EOF {
    bytes.append(UInt8(truncatingIfNeeded: byte))
    byte = fgetc(handle)
  }
  return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    .map { $0.split(separator: ",").map(String.init) }
}
