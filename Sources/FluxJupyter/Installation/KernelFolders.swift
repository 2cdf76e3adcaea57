import FluxCore
import Glibc

/// Where Jupyter looks for kernels.
///
/// - Reference: jupyter_client, "Kernel specs"; jupyter_core's `jupyter --paths`.
enum KernelFolders {
  /// The folder of ours under a folder of Jupyter's data.
  static func kernel(under data: String) -> String { "\(data)/kernels/fluxbridge" }

  /// The user's own: `JUPYTER_DATA_DIR`, or `~/.local/share/jupyter` by the XDG rules.
  ///
  /// - Throws: ``FluxError`` without a home.
  static func user() throws -> String {
    if let folder = variable("JUPYTER_DATA_DIR") { return folder }
    if let folder = variable("XDG_DATA_HOME") { return "\(folder)/jupyter" }
    guard let home = variable("HOME") else { throw FluxError("HOME is not set", at: "kernel", remedy: "Give a folder: --prefix DIR") }
    return "\(home)/.local/share/jupyter"
  }

  /// Of the Python that is active: a virtual environment, conda's, or the first `python3` on PATH.
  ///
  /// - Throws: ``FluxError`` without any.
  static func systemPrefix() throws -> String {
    if let folder = variable("VIRTUAL_ENV") ?? variable("CONDA_PREFIX") { return folder }
    guard let stream = popen("python3 -c 'import sys; print(sys.prefix)' 2>/dev/null", "re") else { throw noPython }
    defer { pclose(stream) }
    var line = [CChar](repeating: 0, count: 4096)
    guard fgets(&line, Int32(line.count), stream) != nil else { throw noPython }
    return String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static var noPython: FluxError {
    FluxError("no Python environment is active", at: "kernel", expected: "VIRTUAL_ENV, CONDA_PREFIX or python3 on PATH", remedy: "Give a folder: --prefix DIR")
  }

  /// All where our kernel may be: the user's, the active environment's, the system's.
  static func all() -> [String] {
    var folders: [String] = []
    if let user = try? user() { folders.append(user) }
    for name in ["VIRTUAL_ENV", "CONDA_PREFIX"] { if let prefix = variable(name) { folders.append("\(prefix)/share/jupyter") } }
    return folders + ["/usr/local/share/jupyter", "/usr/share/jupyter"]
  }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }
}
