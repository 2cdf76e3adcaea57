import FluxCore
import FluxData

/// Writes the files of an archive.
struct TwinArchiveWriter {
  let earth: TwinEarth
  let path: String

  typealias Label = TwinMapFiles.Label

  var years: ClosedRange<Int> { earth.calendar.firstYear...earth.calendar.lastYear }
  var files: TwinMapFiles { TwinMapFiles(geography: earth.geography, path: path) }
}
