import Foundation
import Testing

/// The benchmark scripts of tensors, on small inputs.
@Suite("Tensor benchmarks")
struct TensorBenchmarkTests {
  private static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Scripts/benchmarks").path

  @Test("tensors made and dropped by the hundred thousand, and eight megabytes at a time, run in bounded memory")
  func memory() throws {
    let run = try ChildProgram(["\(Self.scripts)/../checks/tensor_memory.lua", "--small", "100000", "--large", "200", "--limit", "200"], patience: 120)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
  }

  /// u ← tanh(u b + a) ten times and the gradient of Σ u, in double: what the peers' dump holds.
  private func dump(_ a: [Double], _ b: [Double], wrong: Double = 0) throws -> ScriptFolder {
    var loss = 0.0, byA = a, byB = b
    for i in a.indices {
      var u = a[i], da = 1.0, db = 0.0
      for _ in 0..<10 {
        let y = tanh(u * b[i] + a[i]), slope = 1 - y * y
        (da, db) = (slope * (da * b[i] + 1), slope * (db * b[i] + u))
        u = y
      }
      loss += u
      (byA[i], byB[i]) = (da, db)
    }
    let folder = try ScriptFolder(["manifest.json": """
      {"arrays": {"a": {"file": "a.f32", "dtype": "f32", "shape": [\(a.count)]}, "b": {"file": "b.f32", "dtype": "f32", "shape": [\(a.count)]},
        "ref_grad_a_float64": {"file": "ga.f64", "dtype": "f64", "shape": [\(a.count)]}, "ref_grad_b_float64": {"file": "gb.f64", "dtype": "f64", "shape": [\(a.count)]},
        "ref_loss": {"file": "loss.f64", "dtype": "f64", "shape": [1]}}, "case": "autodiff"}
      """])
    func write<T>(_ name: String, _ values: [T]) throws { try values.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)")) } }
    try write("a.f32", a.map { Float($0) })
    try write("b.f32", b.map { Float($0) })
    try write("ga.f64", byA)
    try write("gb.f64", byB)
    try write("loss.f64", [loss + wrong])
    return folder
  }

  @Test("autodiff reads the peers' dump, checks its references and reports its times")
  func autodiff() throws {
    let folder = try dump([0.5, -0.25, 0.125], [0.75, 0.5, 0.25])
    let run = try ChildProgram(["\(Self.scripts)/autodiff.lua", "--dump", folder.path, "--threads", "1", "--samples", "2", "--json", "\(folder.path)/out.json"], patience: 60)
    #expect(run.status == 0 && run.output.contains("median"), "\(run.errors)")
    let json = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/out.json"))) as? [String: Any])
    for key in ["median_s", "min_s", "max_s", "samples", "rss_peak_mib", "threads", "cpu"] { #expect(json[key] != nil, "\(key)") }
  }

  @Test("a result off its reference ends the benchmark with both numbers")
  func wrongReference() throws {
    let folder = try dump([0.5], [0.75], wrong: 0.01)
    let run = try ChildProgram(["\(Self.scripts)/autodiff.lua", "--dump", folder.path], patience: 60)
    #expect(run.status == 1 && run.errors.contains("loss is off by"), "\(run.errors)")
    let missing = try ChildProgram(["\(Self.scripts)/autodiff.lua"], patience: 60)
    #expect(missing.status == 2 && missing.errors.contains("--dump DIR is missing"))
  }
}
