import FluxCore
import FluxDrivers
import FluxTensor

/// Models that were trained alike on different folds; their mean is the estimate, their spread its uncertainty.
public final class Ensemble {
  /// Models of one architecture, in the order of their folds.
  public let members: [any SurfaceModel]
  /// The drivers that the members were trained beside, when they are known.
  public let drivers: DriverStore?

  /// - Parameter drivers: what they were trained beside, where it is known.
  public init(_ members: [any SurfaceModel], drivers: DriverStore? = nil) {
    self.members = members
    self.drivers = drivers
  }

  /// The names of the members' drivers, in their order.
  public var inputs: [String] { members.first?.inputs ?? [] }

  /// NEE of each sample by each member, gC m⁻² d⁻¹. Shape `[member, sample]`.
  ///
  /// - Throws: ``FluxError`` for rows of other drivers.
  public func predict(_ x: Tensor) throws -> Tensor {
    try Tensor.stacked(try members.map { try $0.predict(x) }, 0)
  }
}
