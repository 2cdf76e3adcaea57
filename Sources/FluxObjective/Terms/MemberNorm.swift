import FluxTensor
import Glibc

/// ℓ = (mean over members of |A − m̂|ᵖ)^{1/p} (Eq. 6 with p = 3), members that are missing skipped.
///
/// As printed, Eq. 6 cubes a signed difference: unbounded below and blind to symmetric
/// scatter. The default takes the absolute value (SCIENCE §7); `isSigned` reproduces the print.
/// Near zero the root's slope is infinite, so it is (u + εᵖ)^{1/p} − ε with ε = 1e-6.
public struct MemberNorm: Sendable, Equatable {
  public let p: Double
  public let isSigned: Bool
  private static let epsilon = 1e-6

  public init(p: Double = 3, isSigned: Bool = false) {
    self.p = p
    self.isSigned = isSigned
  }

  /// - Parameters:
  ///   - observed: A, NaN where a member is missing. Shape `[member, …]`.
  ///   - predicted: m̂. Shape `[…]`.
  /// - Returns: in their unit; NaN where all members are missing. Shape `[…]`.
  /// - Throws: ``FluxError`` when shapes do not fit together.
  public func callAsFunction(_ observed: Tensor, _ predicted: Tensor) throws -> Tensor {
    let difference = try observed.subtracting(predicted)
    if isSigned {
      // The real cube root of a negative number is negative.
      let u = try difference.power(p).nanmean(0)
      let size = try u.magnitude().adding(u.number(pow(Self.epsilon, p))).power(1 / p).subtracting(u.number(Self.epsilon))
      return try size.multiplied(by: u.sign())
    }
    let u = try difference.magnitude().power(p).nanmean(0)
    return try u.adding(u.number(pow(Self.epsilon, p))).power(1 / p).subtracting(u.number(Self.epsilon))
  }
}

