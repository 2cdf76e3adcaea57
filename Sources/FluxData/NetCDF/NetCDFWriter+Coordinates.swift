/// The coordinates that every cube has, written as CF asks.
extension NetCDFWriter {
  /// Defines the dimension and variable of a time axis, with its bounds where known, in days since 1 January
  /// of its first year, and writes it.
  public func defineTime(_ axis: TimeAxis, name: String = "time") throws {
    let year = axis.dates.first?.year ?? 1970
    let unit = TimeUnit.days(since: CalendarDate(year: year, month: 1, day: 1), calendar: axis.calendar)
    var attributes: NetCDFAttributes = [
      "standard_name": "time", "long_name": "time", "axis": "T", "units": .text(unit.attribute),
      "calendar": .text(axis.calendar.rawValue),
    ]
    if axis.bounds != nil { attributes["bounds"] = .text(name + "_bnds") }
    try define(dimension: name, length: axis.count)
    try define(variable: name, type: .double, dimensions: [name], attributes: attributes)
    try write(axis.dates.map(unit.value), to: name)
    guard let bounds = axis.bounds else { return }
    try define(dimension: "nv", length: 2)
    try define(variable: name + "_bnds", type: .double, dimensions: [name, "nv"])
    try write(bounds.flatMap { [unit.value($0.start), unit.value($0.end)] }, to: name + "_bnds")
  }

  /// Defines the dimensions and variables `lat` and `lon` of a grid with their bounds, and writes them.
  public func defineGrid(_ grid: Grid, latitude: String = "lat", longitude: String = "lon") throws {
    try define(dimension: "nv", length: 2)
    for (name, standardName, unit, axis, centres, edges) in [
      (latitude, "latitude", "degrees_north", "Y", grid.latitudes, grid.latitudeBounds),
      (longitude, "longitude", "degrees_east", "X", grid.longitudes, grid.longitudeBounds),
    ] {
      let bounds = name + "_bnds"
      try define(dimension: name, length: centres.count)
      try define(variable: name, type: .double, dimensions: [name], attributes: [
        "standard_name": .text(standardName), "long_name": .text(standardName), "units": .text(unit), "axis": .text(axis),
        "bounds": .text(bounds),
      ])
      try define(variable: bounds, type: .double, dimensions: [name, "nv"])
      try write(centres, to: name)
      try write(edges.flatMap { [$0.lower, $0.upper] }, to: bounds)
    }
  }

  /// Defines an axis of names, such as plant functional types or ensemble members: the dimension and a `string`
  /// variable of the same name.
  public func defineLabels(_ labels: [String], dimension: String, longName: String? = nil) throws {
    try define(dimension: dimension, length: labels.count)
    try define(
      variable: dimension, type: .string, dimensions: [dimension],
      attributes: longName.map { ["long_name": .text($0)] } ?? [:])
    try write(labels, to: dimension)
  }
}
