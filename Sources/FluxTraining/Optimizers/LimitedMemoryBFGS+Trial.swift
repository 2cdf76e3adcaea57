internal import CLateLibraries
import FluxCore

extension LimitedMemoryBFGS {
  /// Searches the lowest point of a parabola, for `fluxbridge doctor`.
  ///
  /// - Returns: NLopt's version and what it found; nil where it is not installed.
  /// - Throws: ``FluxError`` where it is there and finds something else.
  public static func trial() throws -> String? {
    guard let version else { return nil }
    var x = [-2.0], smallest = Double.infinity
    let code = fx_nlopt_lbfgs(1, &x, &smallest, 0, 50, 1e-12, { _, x, gradient, _, _ in
      let distance = x![0] - 3
      gradient?[0] = 2 * distance
      return distance * distance
    }, nil)
    guard code > 0, abs(x[0] - 3) < 1e-6 else {
      throw FluxError("NLopt \(version) ended with code \(code) at \(x[0]), where a parabola's lowest point is 3", at: "doctor")
    }
    return "\(version), found the lowest point of a parabola"
  }
}
