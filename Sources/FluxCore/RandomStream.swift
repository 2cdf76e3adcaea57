/// A reproducible stream of random numbers: xoshiro256**, seeded by SplitMix64.
///
/// The same seed gives the same draws on every machine: integers only, and the
/// normal draws call no `libm` function (see ``normal()``).
///
/// - Reference: Blackman and Vigna (2021), doi:10.1145/3460772.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private var s0, s1, s2, s3: UInt64

  public init(seed: UInt64) {
    var mixer = seed
    func split() -> UInt64 {
      mixer &+= 0x9E37_79B9_7F4A_7C15
      var z = mixer
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    (s0, s1, s2, s3) = (split(), split(), split(), split())
  }

  /// An independent stream for a named purpose, so that adding draws to one
  /// purpose never moves the draws of another.
  public init(seed: UInt64, purpose: String) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a
    for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    self.init(seed: seed &* 0xD134_2543_DE82_EF95 ^ hash)
  }

  public mutating func next() -> UInt64 {
    let scrambled = s1 &* 5
    let result = (scrambled << 7 | scrambled >> 57) &* 9
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = s3 << 45 | s3 >> 19
    return result
  }

  /// Uniform in [0, 1), 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in [low, high).
  public mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// An integer in `0 ..< bound`, without bias (Lemire 2019, doi:10.1145/3230636).
  public mutating func integer(below bound: Int) -> Int { Int(next(upperBound: UInt64(bound))) }

  /// Standard normal, by the inverse of the cumulative distribution.
  ///
  /// Wichura's AS 241 (PPND16, relative error 1e-16) needs a logarithm and a
  /// square root in the tails; the square root is exact everywhere, and the
  /// logarithm is ``portableLog(_:)``, so draws are equal on every machine.
  public mutating func normal() -> Double {
    // The midpoint of one of 2^53 intervals: never 0 and never 1.
    Self.normalQuantile((Double(next() >> 11) + 0.5) * 0x1p-53)
  }

  /// Laplace with mean zero and scale `b`: density exp(−|x|/b) / 2b.
  public mutating func laplace(scale b: Double) -> Double {
    let u = (Double(next() >> 11) + 0.5) * 0x1p-53 - 0.5
    let magnitude = -b * Self.portableLog(1 - 2 * u.magnitude)
    return u < 0 ? -magnitude : magnitude
  }

  /// Gamma with the given shape (≥ 1) and scale: Marsaglia and Tsang (2000), doi:10.1145/358407.358414.
  public mutating func gamma(shape: Double, scale: Double) -> Double {
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let t = 1 + c * x
      guard t > 0 else { continue }
      let v = t * t * t
      let u = (Double(next() >> 11) + 0.5) * 0x1p-53
      if Self.portableLog(u) < 0.5 * x * x + d - d * v + d * Self.portableLog(v) { return d * v * scale }
    }
  }

  /// A random order of `0 ..< count` (Fisher and Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    var i = count - 1
    while i > 0 {
      order.swapAt(i, integer(below: i + 1))
      i -= 1
    }
    return order
  }

  /// The natural logarithm of a positive, finite, normal number, from +, × and ÷ alone:
  /// ln m by the series of 2 artanh((m − 1)/(m + 1)), m in [√½, √2). Error under 4e-16.
  static func portableLog(_ x: Double) -> Double {
    var m = x.significand
    var e = Double(x.exponent)
    if m > 1.4142135623730951 {
      m *= 0.5
      e += 1
    }
    let t = (m - 1) / (m + 1)
    let t2 = t * t
    var sum = 0.0
    var k = 21.0
    while k >= 1 {
      sum = sum * t2 + 1 / k
      k -= 2
    }
    return e * 0.6931471805599453 + 2 * t * sum
  }

  /// The standard normal quantile of `p` in (0, 1): Wichura (1988), AS 241, doi:10.2307/2347330.
  static func normalQuantile(_ p: Double) -> Double {
    func ratio(_ r: Double, _ a: [Double], _ b: [Double]) -> Double {
      var top = 0.0, bottom = 0.0
      for c in a { top = top * r + c }
      for c in b { bottom = bottom * r + c }
      return top / bottom
    }
    let q = p - 0.5
    if q.magnitude <= 0.425 {
      return q * ratio(0.180625 - q * q, Quantile.centreTop, Quantile.centreBottom)
    }
    let r = (-portableLog(q < 0 ? p : 1 - p)).squareRoot()
    let x = r <= 5
      ? ratio(r - 1.6, Quantile.middleTop, Quantile.middleBottom)
      : ratio(r - 5, Quantile.tailTop, Quantile.tailBottom)
    return q < 0 ? -x : x
  }

  /// Coefficients of AS 241, highest power first.
  private enum Quantile {
    static let centreTop = [
      2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
      13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
    ]
    static let centreBottom = [
      5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
      5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1,
    ]
    static let middleTop = [
      7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
      3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
    ]
    static let middleBottom = [
      1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
      0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1,
    ]
    static let tailTop = [
      2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
      0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
    ]
    static let tailBottom = [
      2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
      0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1,
    ]
  }
}
