internal import COpenBLAS

/// The version and the kernels of the linear algebra library in use, for
/// `fluxbridge doctor`: `OpenBLAS 0.3.21 … SkylakeX`. Results are bit-identical
/// between machines with the same kernels only.
public func linearAlgebraVersion() -> String? {
  guard let configuration = openblas_get_config() else { return nil }
  let kernels = openblas_get_corename().map { String(cString: $0) }
  let text = String(cString: configuration)
  guard let kernels, !text.contains(kernels) else { return text }
  return "\(text) \(kernels)"
}
