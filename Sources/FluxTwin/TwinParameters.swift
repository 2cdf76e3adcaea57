/// Every constant of the synthetic Earth, in one place.
///
/// They are chosen so that the *truth's own figures* come out right (gross
/// productivity, sink, interannual variability, what a tower sees), never after
/// a look at a trained network. A test holds the hash of this file: a change is a
/// commit of its own that shows the tables before and after.
///
/// Units stand beside each constant. Latitudes and longitudes in degrees, north and
/// east positive; `σ` is one standard deviation.
public struct TwinParameters: Sendable {
  public var totals = Totals()
  public var climate = Climate()
  public var mode = Mode()
  public var weather = Weather()
  public var water = Water()
  public var vegetation = Vegetation()
  public var fluxes = Fluxes()
  public var undriven = Undriven()
  public var bias = Bias()
  public var towers = Network()
  public var errors = Errors()
  public var emissions = Emissions()
  public var satellite = Satellite()

  public init() {}

  /// The truth's global figures; the generator is scaled to meet them.
  public struct Totals: Sendable {
    public var gpp = 120.0  // PgC yr⁻¹
    public var sinkOutsideTropics = 0.055  // share of GPP
    public var sinkInsideTropics = 0.0
    public var tropicLatitude = 23.5
    public var interannualVariability = 0.9  // PgC yr⁻¹, standard deviation (n − 1) of detrended annual totals
    public var yearsToScaleVariability = 5  // with fewer years the undriven part keeps its own size
  }

  /// The climate of a pixel. Zonal curves and centres of action: an ellipse on the map
  /// (latitude, longitude, two half widths) and what it adds.
  public struct Climate: Sendable {
    public var equatorTemperature = 26.5  // °C
    public var poleContrast = 46.0  // °C
    public var poleExponent = 2.3
    public var seasonFloor = 0.8  // °C, half the annual range at the equator
    public var seasonContrast = 30.0  // °C
    public var seasonExponent = 1.6
    public var maritimeSeason = 0.35  // share of the seasonal contrast left at a coast
    public var continentalityRadius = 10.0  // degrees of latitude
    public var rainFloor = 0.45  // mm d⁻¹
    public var equatorRain = 5.2  // mm d⁻¹
    public var equatorRainWidth = 9.5
    public var stormRain = 2.0  // mm d⁻¹
    public var stormLatitude = 48.0
    public var stormWidth = 13.0
    public var rainTexture = 0.18  // σ of ln rain, smooth random field
    public var temperatureTexture = 0.8  // °C, σ
    public var clearSky = 0.70  // of potential radiation
    public var cloudLoss = 0.24  // lost in the wettest places
    /// latitude, longitude, half width north–south, half width east–west, ln factor of rain
    public var rainCentres: [[Double]] = [
      [22, 8, 7, 26, -2.3], [24, 48, 7, 12, -1.6], [31, 58, 6, 10, -0.9], [42, 64, 6, 14, -1.1],
      [41, 92, 6, 18, -1.4], [-25, 131, 8, 13, -0.8], [-4, -63, 8, 11, 0.35], [0, 22, 5, 9, 0.1],
      [0, 115, 9, 20, 0.35], [6, 44, 8, 6, -1.3], [22, 86, 7, 9, 1.2], [27, 113, 6, 10, 1.3],
      [15, 103, 7, 8, 0.55], [35, -85, 8, 10, 0.8], [37, -112, 9, 8, -0.7], [-27, -55, 7, 8, 1.0],
      [-24, -70, 9, 4, -1.6], [-46, -69, 5, 4, -0.9], [-24, 18, 7, 6, -0.9], [-16, 33, 7, 7, 0.5],
      [63, 125, 9, 30, -0.3], [14, -88, 6, 8, 0.5], [27, -106, 5, 6, -0.5], [-8, -40, 5, 4, -0.9],
      [37, 134, 5, 6, 0.9], [-33, 150, 6, 5, 0.5],
    ]
    /// the same, °C added to the annual mean
    public var temperatureCentres: [[Double]] = [
      [33, 88, 4, 11, -15], [-17, -69, 9, 3, -9], [52, 2, 9, 13, 5], [63, 130, 9, 25, -4], [58, -126, 8, 8, 3],
      [39, -108, 6, 5, -3], [9, 39, 4, 3, -6],
    ]
    /// the same, added to the share of rain that falls in winter instead of summer
    public var winterRainCentres: [[Double]] = [
      [37, 12, 5, 24, 1.0], [38, -121, 6, 5, 1.0], [-33, 118, 4, 6, 1.0], [-34, -71, 4, 4, 1.0], [-34, 19, 3, 3, 1.0],
      [34, 50, 5, 12, 0.9],
    ]
    public var tropicalSeason = 0.85  // of the mean rain
    public var tropicalSeasonLatitude = 13.0
    public var tropicalSeasonWidth = 6.5
    public var continentalSeason = 0.40
    public var seasonDelay = 25.0  // days after the solstice
  }

  /// The shared interannual mode, ENSO-like: one daily index of unit annual σ, a map of its strength.
  public struct Mode: Sendable {
    public var waterPerSigma = -0.045  // of the water index
    public var temperaturePerSigma = 0.25  // °C
    public var rainPerSigma = -0.04  // of ln rain
    public var humidityPerSigma = -0.55  // in the unit of the humidity field
    public var outsideTropics = 0.05  // strength there, 1 in the tropics
    public var innerLatitude = 20.0  // full strength inside
    public var outerLatitude = 32.0  // background strength outside
    public var peakDay = 350.0
  }

  /// Daily noise: first-order processes on nodes of 10°, interpolated, and at the pixel itself.
  public struct Weather: Sendable {
    public var nodeSpacing = 10.0
    public var synopticMemory = 0.75  // lag-one day
    public var seasonalMemory = 0.975
    public var synopticTemperatureTropics = 0.9  // °C, σ
    public var synopticTemperatureContrast = 3.6  // °C more at 60°
    public var seasonalTemperature = 0.6  // °C, σ
    public var localTemperature = 0.6  // °C, σ
    public var localMemory = 0.5
    public var rainLocalShare = 0.5  // of the variance of the rain's latent normal
    public var rainSeasonalLog = 0.30  // σ of ln rain over months
    public var cloudPerRainIndex = 0.16  // relative change of radiation per σ of the rain's latent normal
    public var rainThresholdWet = 0.0  // of the latent normal, where rain is 6 mm d⁻¹ and more
    public var rainThresholdDry = 1.3
    public var rainError = 0.4  // σ of ln rain in the archive's product, daily
    public var rainErrorSlow = 0.5  // σ of its error over months
    public var rainErrorMemory = 0.985
    public var leadDays = 365  // simulated before the first day
  }

  /// The truth's water: one bucket of its own capacity, which the network never sees.
  public struct Water: Sendable {
    public var capacityFloor = 60.0  // mm
    public var capacityPerLeafArea = 32.0  // mm per unit of leaf area
    public var halfSaturation = 0.09  // index at which water limits GPP to half of the full value
    public var fullSupply = 0.55  // index above which demand is met
    public var soilDemand = 0.30  // share of potential evaporation without leaves
    public var meltPerDegree = 3.0  // mm °C⁻¹ d⁻¹
    public var priestleyTaylor = 1.26
  }

  /// Plant functional types and the seasonal cycle of leaves.
  public struct Vegetation: Sendable {
    public var extinction = 0.5
    public var leafAreaFull = 5.6
    public var leafAreaAridity = 0.75  // rain over demand at which leaf area reaches 1 − 1/e
    public var leafAreaExponent = 1.6
    public var warmthFull = 11.0  // °C, warmest month that carries full leaf area
    public var leafOutTemperature = 9.0  // °C
    public var leafOutWidth = 2.0  // °C
    public var leafOutWater = 0.36
    public var leafOutWaterWidth = 0.08
    public var smoothing = 24.0  // days
    public var texture = 0.45  // σ of the logarithm of each type's share, smooth random field
    public var types: [PlantType] = [
      PlantType("ENF", evergreen: 0.6, efficiency: 1.3, temperature: 2, temperatureWidth: 6, aridity: 1.0, aridityWidth: 0.55, commonness: 1.0),
      PlantType("EBF", evergreen: 0.90, efficiency: 0.88, temperature: 25, temperatureWidth: 4.5, aridity: 1.6, aridityWidth: 0.55, commonness: 1.4),
      PlantType("DBF", evergreen: 0.08, efficiency: 1.45, temperature: 11, temperatureWidth: 5.5, aridity: 1.1, aridityWidth: 0.45, commonness: 0.8),
      PlantType("MF", evergreen: 0.35, efficiency: 1.4, temperature: 6, temperatureWidth: 5, aridity: 1.2, aridityWidth: 0.5, commonness: 0.6),
      PlantType("OSH", evergreen: 0.40, efficiency: 0.95, temperature: 16, temperatureWidth: 16, aridity: 0.25, aridityWidth: 0.2, commonness: 0.8),
      PlantType("SAV", evergreen: 0.30, efficiency: 0.55, temperature: 24, temperatureWidth: 5, aridity: 0.75, aridityWidth: 0.35, commonness: 1.2),
      PlantType("GRA", evergreen: 0.1, efficiency: 1.35, temperature: 10, temperatureWidth: 14, aridity: 0.5, aridityWidth: 0.35, commonness: 0.7),
      PlantType("CRO", evergreen: 0.05, efficiency: 1.6, temperature: 13, temperatureWidth: 8, aridity: 0.8, aridityWidth: 0.4, commonness: 0.7),
      PlantType("BSV", evergreen: 0.20, efficiency: 0.70, temperature: 15, temperatureWidth: 30, aridity: 0.0, aridityWidth: 0.12, commonness: 0.9),
    ]
  }

  public struct PlantType: Sendable {
    public var name: String  // IGBP class
    public var evergreen: Double  // share of leaf area kept through the year
    public var efficiency: Double  // relative light-use efficiency
    public var temperature, temperatureWidth: Double  // °C, annual mean where it is at home
    public var aridity, aridityWidth: Double  // rain over demand
    public var commonness: Double
    init(
      _ name: String, evergreen: Double, efficiency: Double, temperature: Double, temperatureWidth: Double,
      aridity: Double, aridityWidth: Double, commonness: Double
    ) {
      self.name = name
      self.evergreen = evergreen
      self.efficiency = efficiency
      self.temperature = temperature
      self.temperatureWidth = temperatureWidth
      self.aridity = aridity
      self.aridityWidth = aridityWidth
      self.commonness = commonness
    }
  }

  /// Light-use efficiency × temperature × water × carbon dioxide and legacy; Lloyd–Taylor respiration.
  public struct Fluxes: Sendable {
    public var photosyntheticShare = 0.45  // of global radiation
    public var lightSaturation = 16.0  // MJ m⁻² d⁻¹ of absorbed light at which efficiency has halved
    public var optimumFloor = 14.0  // °C
    public var optimumOffset = 3.0  // °C above the warm-season mean
    public var optimumWidth = 11.0  // °C
    public var frostTemperature = 0.0  // °C
    public var frostWidth = 2.5
    public var carbonDioxideGPP = 0.0030  // yr⁻¹
    public var carbonDioxideTER = 0.0025  // yr⁻¹
    public var autotrophicShare = 0.55  // of recent GPP
    public var autotrophicMemory = 12.0  // days
    public var activation = 308.56  // K, Lloyd and Taylor (1994)
    public var activationOrigin = 227.13  // K
    public var soilMemory = 25.0  // days by which the soil follows the air
    public var respirationWaterFloor = 0.35
    public var respirationWaterHalf = 0.25
  }

  /// What moves the truth's GPP and no driver shows: last year's drought, slow legacies, air humidity.
  public struct Undriven: Sendable {
    public var strength = 0.06  // relative change of GPP per unit of the field; scaled to the totals
    public var droughtMemory = 365  // days
    public var droughtPerIndex = 4.0
    public var legacy = 0.8  // σ
    public var legacyMemory = 0.992
    public var humidity = 0.8  // σ
    public var humidityMemory = 0.97
    public var floor = 0.3  // the least share of GPP that is left
  }

  /// The systematic errors of towers. `none` makes the null twin.
  public struct Bias: Sendable, Equatable {
    public var nocturnal = 0.18  // share of respiration missing in the humid tropics
    public var nocturnalSpread = 0.3  // σ of its logarithm between sites
    public var nocturnalLatitude = 23.0  // none outside
    public var nocturnalFullLatitude = 18.0  // full inside
    public var humidFrom = 0.45  // rain over demand: none below
    public var humidFull = 0.85  // full above
    public var growthOutsideTropics = 0.05  // share of GPP kept by growing stands
    public var growthInsideTropics = 0.025
    public var growthShape = 2.0  // of the gamma distribution between sites
    public static let none: Bias = {
      var bias = Bias()
      bias.nocturnal = 0
      bias.growthOutsideTropics = 0
      bias.growthInsideTropics = 0
      return bias
    }()
  }

  /// The tower network.
  public struct Network: Sendable, Equatable {
    public var counts: [String: Int] = [
      "EU": 70, "USA": 55, "CAN": 25, "CHN": 10, "OCE": 10, "RUS": 8, "KAJ": 7, "BRA": 6, "SAF": 4, "SEAS": 3,
      "CAM": 2, "NAF": 2, "SSA": 2, "CAS": 2, "EQAF": 1, "NSA": 1, "SAS": 1, "MIDE": 1,
    ]
    public var keptTropics = 0.45  // share of days
    public var keptElsewhere = 0.70
    public var keptMemory = 0.6  // lag-one day of the good-data state
    public var tropicalSampleLimit = 0.05
    public var productivityPull = 0.7  // exponent of GPP in where towers stand
    public var shortestRecord = 3  // years
    public var longestRecordTropics = 4
    public var noiseFloor = 0.6  // gC m⁻² d⁻¹, Laplace scale
    public var noisePerFlux = 0.13
    public var siteOffset = 0.5  // gC m⁻² d⁻¹, σ
    public var leafSpread = 0.10  // σ of a stand's fAPAR relative to its pixel
  }

  /// The inversions' errors.
  public struct Errors: Sendable, Equatable {
    public var members = ["CAMS", "CTE", "Jena CarboScope", "UoE", "NISMON-CO2"]
    public var smoothing: [Double] = [200, 300, 350, 250, 300]  // km, σ of the smoothing kernel per member
    public var regional: [String: Double] = [  // PgC yr⁻¹, σ
      "USA": 0.25, "CAN": 0.2, "CAM": 0.12, "NSA": 0.25, "BRA": 0.35, "SSA": 0.25, "EU": 0.3, "NAF": 0.25, "EQAF": 0.45,
      "SAF": 0.25, "RUS": 0.4, "CAS": 0.2, "MIDE": 0.12, "CHN": 0.3, "KAJ": 0.05, "SAS": 0.2, "SEAS": 0.35, "OCE": 0.15,
    ]
    public var common = 0.6
    public var own = 1.0
    public var monthly = 0.8
    public var dipole = 0.85  // share of the global sum that is put back elsewhere
    public var lateMember = "UoE"  // has no data in the first year
  }

  /// Fires, lateral transport, fossil fuel.
  public struct Emissions: Sendable {
    public var fire = 2.0  // PgC yr⁻¹
    public var fireFirstYear = 2003  // of the file; the fires themselves burn always
    public var fuel: [String: Double] = ["SAV": 1.0, "GRA": 0.5, "OSH": 0.3, "EBF": 0.15, "ENF": 0.12, "MF": 0.08, "DBF": 0.05]
    public var fireDryness = 0.42  // water index below which it burns
    public var fireDrynessWidth = 0.07
    public var fireFrost = 8.0  // °C, monthly mean below which it does not
    public var fireMode = 0.12  // relative change per σ of the mode
    public var fireYearSpread = 0.25  // σ of the logarithm per node and year
    public var lateral = -0.65  // PgC yr⁻¹, where rain exceeds demand
    public var fossil = 8.0  // PgC yr⁻¹ in the middle of the record
    public var fossilGrowth = 0.02  // yr⁻¹
    public var fossilShare: [String: Double] = [
      "USA": 0.20, "CAN": 0.02, "CAM": 0.03, "NSA": 0.01, "BRA": 0.015, "SSA": 0.015, "EU": 0.18, "NAF": 0.02, "EQAF": 0.005,
      "SAF": 0.02, "RUS": 0.06, "CAS": 0.02, "MIDE": 0.06, "CHN": 0.20, "KAJ": 0.06, "SAS": 0.05, "SEAS": 0.03, "OCE": 0.015,
    ]
  }

  /// What the satellites see: 8-daily composites with noise and gaps.
  public struct Satellite: Sendable {
    public var noiseIndex = 0.02  // σ of vegetation indices and fAPAR
    public var noiseReflectance = 0.005
    public var noiseTemperature = 1.0  // K
    public var gapsDry = 0.04
    public var gapsWet = 0.30
    public var snowTemperature = -1.0  // °C, eight-day mean at which half of the ground is white
    public var snowWidth = 1.5
    public var dayWarming = 12.0  // K of bare dry ground under 200 W m⁻²
    public var nightCooling = 4.0  // K
  }
}
