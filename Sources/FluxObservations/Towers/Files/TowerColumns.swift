import FluxCore
import FluxData

/// Which columns of a tower network's files hold what: a map from our names to theirs.
///
/// Each quantity lists the names it goes by, most usual first; the first that a
/// file has is taken. The presets cover the networks' own files; a user's map
/// replaces any part of one.
public struct TowerColumns: Sendable, Equatable {
  /// A driver that a tower file may hold.
  public struct Driver: Sendable, Equatable {
    /// Our name for it: what scripts write.
    public let name: String
    /// Its unit after reading, also after half-hours are gathered into days.
    public let unit: String
    /// The names it goes by in the files.
    public let columns: [String]
    /// Whether the values of a day's half-hours add up (precipitation) or are averaged.
    public let isSum: Bool

    public init(_ name: String, _ unit: String, _ columns: [String], isSum: Bool = false) {
      self.name = name
      self.unit = unit
      self.columns = columns
      self.isSum = isSum
    }
  }

  /// The network, as in messages.
  public var name: String
  /// Net ecosystem exchange: gC m⁻² d⁻¹ in daily files, µmol m⁻² s⁻¹ in half-hourly ones, positive to the atmosphere.
  public var nee: [String]
  /// Quality: in daily files the fraction of good half-hours, in half-hourly ones 0 measured,
  /// 1 filled well, 2 and 3 filled poorly. Empty: every value that is present counts as good.
  public var quality: [String]
  public var drivers: [Driver]

  public init(name: String, nee: [String], quality: [String], drivers: [Driver]) {
    self.name = name
    self.nee = nee
    self.quality = quality
    self.drivers = drivers
  }

  /// FLUXNET2015 (Pastorello et al. 2020, doi:10.1038/s41597-020-0534-3), SUBSET and FULLSET.
  public static let fluxnet2015 = TowerColumns(
    name: "FLUXNET2015", nee: ["NEE_VUT_REF"], quality: ["NEE_VUT_REF_QC"],
    drivers: [
      Driver("tair", "degC", ["TA_F", "TA_F_MDS"]),
      Driver("rg", "W m-2", ["SW_IN_F", "SW_IN_F_MDS"]),
      Driver("vpd", "hPa", ["VPD_F", "VPD_F_MDS"]),
      Driver("precip", "mm d-1", ["P_F"], isSum: true),
      Driver("longwave", "W m-2", ["LW_IN_F", "LW_IN_F_MDS"]),
      Driver("wind", "m s-1", ["WS_F"]),
      Driver("pressure", "kPa", ["PA_F"]),
    ])

  /// ONEFlux files since 2020 (FLUXNET-CH4, ICOS, AmeriFlux FLUXNET): as FLUXNET2015, and sites
  /// without a variable u* threshold, where only the constant one exists.
  public static let oneFlux = TowerColumns(
    name: "ONEFlux", nee: ["NEE_VUT_REF", "NEE_CUT_REF"], quality: ["NEE_VUT_REF_QC", "NEE_CUT_REF_QC"],
    drivers: fluxnet2015.drivers)

  /// La Thuile synthesis (2007), `NEE_f` with `NEE_fqcOK` in daily and `NEE_fqc` in half-hourly files; also
  /// the input layout of REddyProc.
  public static let laThuile = TowerColumns(
    name: "La Thuile", nee: ["NEE_f", "NEE_st_fMDS", "NEE"], quality: ["NEE_fqcOK", "NEE_fqc", "NEE_st_fMDSqc"],
    drivers: [
      Driver("tair", "degC", ["Ta_f", "Tair_f", "Tair", "Ta"]),
      Driver("rg", "W m-2", ["Rg_f", "Rg"]),
      Driver("vpd", "hPa", ["VPD_f", "VPD"]),
      Driver("precip", "mm d-1", ["precip_f", "Precip_f", "precip", "Precip"], isSum: true),
    ])

  /// AmeriFlux BASE: half-hourly, not filled, no quality flag, so a half-hour that is there is a good one.
  public static let amerifluxBase = TowerColumns(
    name: "AmeriFlux BASE", nee: ["NEE_PI", "NEE_PI_1_1_1", "FC", "FC_1_1_1"], quality: [],
    drivers: [
      Driver("tair", "degC", ["TA", "TA_1_1_1", "TA_PI_F"]),
      Driver("rg", "W m-2", ["SW_IN", "SW_IN_1_1_1", "SW_IN_PI_F"]),
      Driver("vpd", "hPa", ["VPD_PI", "VPD", "VPD_PI_1_1_1", "VPD_PI_F"]),
      Driver("precip", "mm d-1", ["P", "P_1_1_1", "P_PI_F"], isSum: true),
      Driver("wind", "m s-1", ["WS", "WS_1_1_1"]),
      Driver("pressure", "kPa", ["PA", "PA_1_1_1"]),
    ])

  /// The presets, in the order in which a file is tried against them.
  public static let presets = [fluxnet2015, oneFlux, amerifluxBase, laThuile]

  /// The preset whose NEE a file has, or FLUXNET2015, whose missing column then makes the message.
  static func guess(_ file: DelimitedText) -> TowerColumns {
    presets.first { $0.nee.contains { file.header.contains($0) } } ?? fluxnet2015
  }
}

extension TowerColumns {
  /// The preset of a network's name, whatever its case, blanks and marks: `La Thuile`, `lathuile`, `FLUXNET2015`.
  ///
  /// - Throws: ``FluxError`` with the nearest name.
  public static func preset(named name: String) throws -> TowerColumns {
    func plain(_ text: String) -> String { text.lowercased().filter { $0.isLetter || $0.isNumber } }
    if let preset = presets.first(where: { plain($0.name) == plain(name) }) { return preset }
    let names = presets.map(\.name)
    throw FluxError(
      "no network '\(name)'\(NearestName.hint(name, among: names))", at: "towers.open", expected: "one of \(names.joined(separator: ", ")), or a table of columns")
  }

  /// A map from our names to a file's columns: `nee`, `qc`, and drivers, our own (`tair`) or new ones.
  ///
  /// A map that names `nee` without `qc` says that the file has no quality column.
  public init(map: [String: String]) {
    let usual = Self.fluxnet2015
    self.init(
      name: "columns", nee: map["nee"].map { [$0] } ?? usual.nee,
      quality: map["qc"].map { [$0] } ?? (map["nee"] == nil ? usual.quality : []), drivers: [])
    let known = Self.presets.flatMap(\.drivers)
    drivers = map.keys.filter { $0 != "nee" && $0 != "qc" }.sorted().map { name in
      let same = known.first { $0.name == name }
      return Driver(name, same?.unit ?? "1", [map[name]!], isSum: same?.isSum ?? false)
    }
    if drivers.isEmpty { drivers = usual.drivers }
  }
}
