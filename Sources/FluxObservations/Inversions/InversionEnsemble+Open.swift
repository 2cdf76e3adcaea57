import FluxCore
import FluxData

extension InversionEnsemble {
  /// The variable of the Global Carbon Budget's inversion files: land flux with fossil and cement emissions
  /// already brought to one inventory.
  public static let variable = "land_flux_only_fossil_cement_adjusted"

  /// Opens a file of the Global Carbon Budget: `land_flux_only_fossil_cement_adjusted(ensemble_member, time,
  /// latitude, longitude)`, PgC m⁻² yr⁻¹, with the names in `ensemble_member_name`.
  ///
  /// - Parameter variable: another variable of this layout.
  public static func open(_ path: String, variable: String? = nil) throws -> InversionEnsemble {
    try InversionEnsemble(fields: fields(of: path, variable: variable, called: nil), at: path)
  }

  /// Opens one file for each member; their grids and months may differ.
  ///
  /// - Parameter files: name and path, in the order wanted. A file with several members gives each its name after
  ///   a blank: `GCB CTE`.
  public static func open(_ files: [(name: String, path: String)], variable: String? = nil) throws -> InversionEnsemble {
    try InversionEnsemble(fields: files.flatMap { try fields(of: $0.path, variable: variable, called: $0.name) })
  }

  /// An ensemble from a cube with a leading dimension of members, or from one inversion.
  public init(_ cube: Cube, name: String? = nil) throws {
    try self.init(fields: Self.fields(of: cube, called: name, at: "inversions"))
  }

  /// Takes a flux off every member, at each cell: `adjusted = land − flux`. Fires (positive) and lateral fluxes
  /// (negative on land) both go this way; other grids are reached conservatively.
  public func subtracting(_ cube: Cube) throws -> InversionEnsemble {
    guard cube.leadingCount == 1 else {
      throw FluxError(
        "'\(cube.name)' has \(cube.leadingCount) entries of \(cube.leading?.name ?? "")", at: "inversions - cube", expected: "one flux")
    }
    return try subtracting(FluxField(cube, at: "inversions - cube"))
  }

  private static func fields(of path: String, variable: String?, called name: String?) throws -> [FluxField] {
    let file = try NetCDFReader(path: path)
    let chosen = variable ?? (file.contains(Self.variable) ? Self.variable : nil)
    return try fields(of: Cube.open(file, variable: chosen), called: name, at: path)
  }

  private static func fields(of cube: Cube, called name: String?, at place: String) throws -> [FluxField] {
    guard let leading = cube.leading, cube.leadingCount > 1 || name == nil else {
      return [try FluxField(cube, name: name ?? cube.name, at: place)]
    }
    return try leading.labels.enumerated().map { index, label in
      try FluxField(cube, leading: index, name: name.map { "\($0) \(label)" } ?? label, at: place)
    }
  }
}
