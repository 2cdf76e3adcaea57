import FluxCore

extension NetCDFAttributes {
  /// What made a file: program and netCDF version, script, seed, and the files that its values come from with their hashes.
  static func provenance(inputs: [String]) -> NetCDFAttributes {
    var attributes = NetCDFAttributes(Provenance.attributes(inputs: inputs))
    let library = netCDFVersion().split(separator: " ").first.map { ", netCDF \($0)" } ?? ""
    attributes["source"] = attributes.text("source").map { .text($0 + library) }
    return attributes
  }
}
