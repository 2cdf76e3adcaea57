/// The numbers that the paper prints, transcribed once: Tables 2 and 3, and those of its text.
///
/// - Units: R 1; RMSE of months and of the mean seasonal cycle PgC month⁻¹, of years PgC yr⁻¹, of towers gC m⁻² d⁻¹.
/// - Reference: Upton et al., Constraining biospheric carbon dioxide fluxes by combined top-down and bottom-up approaches; the reference
///   of its tables is the mean of five inversions over 2001–2017. FLUXCOM is RS+METEO V1 (Jung et al. 2020).
public enum PublishedResults {
  /// The runs that it has columns for.
  public static let runs = ["ec_atm", "ec", "fluxcom"]
  public static let years = 2001...2017

  /// Global NEE, PgC yr⁻¹ (abstract).
  public static let globalNEE = ["ec_atm": -3.14, "ec": -20.28]
  /// RMSE at the towers in sample (§4.4).
  public static let towerRMSE = ["ec_atm": 1.321, "ec": 1.349]

  /// - Parameters:
  ///   - region: a code, or "globe".
  ///   - run: one of ``runs``.
  /// - Returns: nil for what it does not print.
  public static func value(_ measure: RegionalMeasure, region: String, run: String) -> Double? {
    guard let column = runs.firstIndex(of: run), let block = RegionalMeasure.allCases.firstIndex(of: measure) else { return nil }
    return block < 4 ? table2[region]?[3 * block + column] : table3[region]?[3 * (block - 4) + column]
  }

  /// Everything, by run, then region, `globe` (with its `nee`) or `towers` (their `rmse`), then measure.
  public static var all: [String: [String: [String: Double]]] {
    var all: [String: [String: [String: Double]]] = [:]
    for run in runs {
      for region in table2.keys {
        for measure in RegionalMeasure.allCases { all[run, default: [:]][region, default: [:]][measure.rawValue] = value(measure, region: region, run: run) }
      }
      if let nee = globalNEE[run] { all[run]?["globe"]?["nee"] = nee }
      if let rmse = towerRMSE[run] { all[run]?["towers"] = ["rmse": rmse] }
    }
    return all
  }

  private static let table2 = numbers(of: table2Text, count: 12)
  private static let table3 = numbers(of: table3Text, count: 6)

  private static func numbers(of text: String, count: Int) -> [String: [Double]] {
    var rows: [String: [Double]] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " "), numbers = words.dropFirst().compactMap { Double($0) }
      if numbers.count == count { rows[String(words[0])] = numbers }
    }
    return rows
  }

  /// Table 2. R of months, RMSE of months, R of the mean seasonal cycle, RMSE of it: each EC-ATM, EC, FLUXCOM.
  private static let table2Text = """
    globe 0.991 0.969 0.976 0.176 1.502 1.542 0.996 0.976 0.982 0.125 1.496 1.537
    USA 0.989 0.971 0.974 0.036 0.090 0.105 0.998 0.979 0.982 0.022 0.086 0.101
    CAN 0.991 0.949 0.974 0.048 0.083 0.049 0.997 0.958 0.981 0.044 0.080 0.045
    CAM 0.658 0.557 0.607 0.022 0.061 0.071 0.861 0.685 0.751 0.020 0.060 0.070
    NSA 0.133 -0.007 -0.023 0.018 0.148 0.127 0.197 -0.072 -0.080 0.012 0.147 0.126
    BRA 0.787 -0.028 0.040 0.055 0.354 0.350 0.893 -0.051 0.024 0.043 0.352 0.348
    SSA 0.751 0.388 0.387 0.032 0.176 0.173 0.869 0.431 0.431 0.025 0.175 0.172
    EU 0.988 0.986 0.989 0.034 0.059 0.061 0.997 0.994 0.997 0.026 0.055 0.058
    NAF 0.929 0.809 0.902 0.031 0.058 0.033 0.959 0.834 0.926 0.027 0.056 0.030
    EQAF 0.675 0.186 0.253 0.057 0.251 0.247 0.783 0.173 0.248 0.046 0.249 0.245
    SAF 0.920 0.600 0.665 0.037 0.102 0.117 0.982 0.628 0.698 0.025 0.099 0.114
    RUS 0.993 0.931 0.970 0.074 0.225 0.138 0.999 0.939 0.977 0.059 0.220 0.130
    CAS 0.936 0.835 0.655 0.039 0.069 0.054 0.957 0.856 0.698 0.036 0.067 0.052
    MIDE 0.913 0.882 0.919 0.025 0.046 0.020 0.926 0.893 0.931 0.025 0.046 0.019
    CHN 0.969 0.973 0.973 0.035 0.104 0.073 0.987 0.990 0.990 0.025 0.101 0.070
    KAJ 0.962 0.937 0.939 0.004 0.009 0.012 0.984 0.960 0.959 0.003 0.008 0.011
    SAS 0.803 0.184 0.607 0.028 0.111 0.046 0.896 0.208 0.680 0.020 0.109 0.042
    SEAS 0.273 0.204 0.204 0.050 0.173 0.174 0.436 0.312 0.300 0.042 0.170 0.172
    OCE 0.199 0.223 0.240 0.044 0.047 0.036 0.289 0.263 0.310 0.037 0.041 0.030
    """

  /// Table 3. R of years, RMSE of years: each EC-ATM, EC, FLUXCOM.
  private static let table3Text = """
    globe 0.280 0.054 0.080 0.7502 16.8872 17.3236
    USA 0.502 0.519 0.543 0.2303 0.8030 1.0836
    CAN 0.325 -0.463 -0.236 0.3970 0.3747 0.0627
    CAM -0.067 -0.085 -0.149 0.2236 0.6598 0.7898
    NSA -0.360 -0.140 -0.253 0.0969 1.7467 1.4909
    BRA 0.358 0.221 0.186 0.1319 3.8447 3.8912
    SSA -0.037 -0.094 0.007 0.2021 1.9080 1.8467
    EU -0.068 0.187 0.191 0.2074 0.6336 0.6805
    NAF 0.557 0.616 0.694 0.1900 0.4362 0.2438
    EQAF 0.749 0.725 0.740 0.3876 2.8844 2.8576
    SAF 0.780 0.734 0.621 0.1352 0.5242 1.0036
    RUS 0.534 -0.353 -0.409 0.6273 1.1558 0.1809
    CAS -0.379 -0.258 -0.167 0.1326 0.7133 0.0759
    MIDE 0.254 0.405 0.442 0.2277 0.5117 0.1585
    CHN 0.084 0.297 0.292 0.1103 1.0917 0.8059
    KAJ 0.185 0.173 0.216 0.0147 0.0798 0.1167
    SAS 0.262 0.066 0.039 0.1384 0.9604 0.3685
    SEAS -0.227 -0.263 -0.221 0.4350 2.0118 2.0409
    OCE 0.499 0.599 0.508 0.4094 0.3703 0.1037
    """
}
