internal import CFluxKernels
import FluxTensor

/// What a hidden unit makes of its weighted sum.
public enum Activation: String, Sendable, CaseIterable {
  /// max(z, 0)
  case relu
  case tanh
  /// z/2 (1 + tanh(√(2/π) (z + 0.044715 z³))), Hendrycks and Gimpel (2016), arXiv:1606.08415.
  case gelu

  /// The constant of the kernels.
  var code: Int32 {
    switch self {
    case .relu: Int32(FX_RELU)
    case .tanh: Int32(FX_TANH)
    case .gelu: Int32(FX_GELU)
    }
  }

  /// The variance of initial weights times the number of inputs, which keeps the spread of the units alike
  /// from layer to layer (He et al. 2015 for rectified units, Glorot and Bengio 2010 for tanh).
  var gain: Double { self == .tanh ? 1 : 2 }

  /// On the tape.
  func callAsFunction(_ z: Tensor) throws -> Tensor {
    switch self {
    case .relu: return try z.relu()
    case .tanh: return try z.tanh()
    case .gelu:
      let cubed = try z.square().multiplied(by: z).multiplied(by: z.number(0.044715))
      let u = try z.adding(cubed).multiplied(by: z.number(0.797884560802865356))
      return try u.tanh().adding(z.number(1)).multiplied(by: z).multiplied(by: z.number(0.5))
    }
  }
}
