import FluxCore
import FluxData
import FluxTensor

/// Files of networks that were written before models had kinds: widths and activation stood by themselves.
public enum FirstNetworkFile {
  /// Of the only models that there were.
  public static let kind = MultilayerPerceptron.kind
  /// Names of a network's words and arrays in a file of a run.
  public static let words = ["network"], arrays = ["mean", "deviation"]

  /// The words of such a file's archive.
  ///
  /// - Throws: ``FluxError`` for sizes that do not fit together.
  static func words(_ file: NetCDFReader) throws -> [(name: String, text: String)] {
    for name in ["width", "mean", "deviation"] where !file.contains(name) {
      throw FluxError("there is no variable '\(name)'", at: file.path, expected: "a model saved by m:save(path)")
    }
    let widths = try file.integers("width"), inputs = try file.strings("driver_name")
    let fits = widths.count >= 2 && widths.first == inputs.count && widths.last == 1
    guard fits, widths.allSatisfy({ (1...4096).contains($0) }) else {
      throw FluxError(
        "layers of \(widths) units for \(inputs.count) drivers", at: file.path, expected: "a model saved by m:save(path)")
    }
    // Files of the first version do not say it.
    let activation = file.attributes.text("activation") ?? Activation.relu.rawValue
    guard Activation(rawValue: activation) != nil else {
      let known = Activation.allCases.map(\.rawValue).joined(separator: ", ")
      throw FluxError("activation '\(activation)'", at: file.path, expected: "one of \(known)")
    }
    let hidden = widths.dropFirst().dropLast().map(String.init).joined(separator: " ")
    return [("network", "\(hidden), \(activation), \(DType.float32.rawValue)")]
  }
}
