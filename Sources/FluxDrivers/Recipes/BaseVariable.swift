import FluxCore
import FluxData

/// One of the variables that the drivers are made of, read a few time steps at a time.
public struct BaseVariable {
  /// The name that messages call it by: `evi`, `tair` …
  public let name: String
  public let grid: Grid
  public let time: TimeAxis
  /// The plant functional types of a leading dimension, when the variable is stored per type.
  public let types: [String]?
  /// What had to be assumed of it, for the store's notes.
  public let note: String?
  private let read: (Range<Int>) throws -> [Float]

  public init(
    name: String, grid: Grid, time: TimeAxis, types: [String]? = nil, note: String? = nil,
    read: @escaping (Range<Int>) throws -> [Float]
  ) {
    self.name = name
    self.grid = grid
    self.time = time
    self.types = types
    self.note = note
    self.read = read
  }

  /// The values of some time steps: shape `[time, cell]` or `[type, time, cell]`, NaN where missing.
  public func values(_ steps: Range<Int>) throws -> [Float] { try read(steps) }

  /// The 8-daily composites that recipes may read.
  public static let compositeNames = ["evi", "fapar", "lst_day", "lst_night", "ndvi", "ndwi", "band4"]
  /// The daily variables that recipes may read.
  public static let dailyNames = ["rg", "tair", "precip"]
  /// The unit in which each is read.
  public static let units = [
    "evi": "1", "fapar": "1", "lst_day": "K", "lst_night": "K", "ndvi": "1", "ndwi": "1", "band4": "1",
    "rg": "W m-2", "rpot": "W m-2", "tair": "degC", "precip": "mm d-1",
  ]
}
