/// The version that `fluxbridge -v`, `flux.version` and result files show.
public enum FluxVersion {
  public static let text = "0.1.0"
}
