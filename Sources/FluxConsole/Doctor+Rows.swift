import FluxCore
import FluxData
import FluxFigures
import FluxLua
import FluxTensor
import FluxTraining
import Glibc
import LuaRuntime
internal import CReadlineShim

extension Doctor {
  /// **The list to add a row to**, in the order of the report.
  static let rows: [Row] = [
    Row("Fluxbridge") { FluxVersion.text },
    Row("Swift") { swiftVersion },
    Row("Lua") { LuaSession.luaVersion },
    Row("readline") { String(cString: fx_readline_version()) },
    Row("netCDF") { netCDFVersion().split(separator: " ").first.map(String.init) },
    Row("HDF5") { hdf5Version() },
    Row("UDUNITS", remedy: "sudo apt install libudunits2-data") { UnitDatabase.trial },
    Row("OpenBLAS") { linearAlgebra },
    Row("NLopt", remedy: "sudo apt install libnlopt0") { try LimitedMemoryBFGS.trial() },
    Row("GMT", remedy: "figures need it: sudo apt install \(GMTLibrary.packages)") { try FigureTrial.coast() },
    Row("SVG", remedy: "figures as SVG need it: sudo apt install poppler-utils") { try FigureTrial.vectors() },
    Row("pictures", remedy: "f:show() in a terminal needs it: sudo apt install libchafa0") {
      try TerminalPicture.trial()
    },
    Row("processor") { field("model name", in: "/proc/cpuinfo") ?? "unknown" },
    Row("instructions") { instructions },
    Row("threads") { "\(ThreadPool.threadCount) of \(sysconf(Int32(_SC_NPROCESSORS_ONLN))) cores" },
    Row("memory") { memory },
  ]

  /// Of the compiler that built the program.
  private static var swiftVersion: String {
    #if compiler(>=6.4)
      "6.4 or newer"
    #elseif compiler(>=6.3)
      "6.3"
    #elseif compiler(>=6.2)
      "6.2"
    #else
      "6.1 or older"
    #endif
  }

  /// An OpenBLAS older than the processor takes the kernels of the oldest one it knows: for a product of 1000 × 1000
  /// on an AVX-512 Xeon, 21 GFLOP/s a core as Prescott, 56 as Haswell, 113 as SkylakeX.
  private static var linearAlgebra: String? {
    guard let text = linearAlgebraVersion() else { return nil }
    let old = ["Prescott", "Core2", "Penryn", "Nehalem", "Generic"]
    guard old.contains(where: text.contains), instructions.hasPrefix("AVX") else { return text }
    let better = instructions.hasPrefix("AVX-512") ? "SkylakeX" : "Haswell"
    return text + "; kernels for an older processor, faster with OPENBLAS_CORETYPE=\(better) in the environment"
  }

  /// The widest vectors that this machine has, as the kernels choose them.
  private static var instructions: String {
    let flags = Set((field("flags", in: "/proc/cpuinfo") ?? "").split(separator: " ").map(String.init))
    if flags.isSuperset(of: ["avx512f", "avx512bw", "avx512dq", "avx512vl"]) { return "AVX-512 (x86-64-v4)" }
    if flags.isSuperset(of: ["avx2", "fma"]) { return "AVX2 and FMA (x86-64-v3)" }
    return flags.isEmpty ? "unknown" : "baseline: no AVX2, the kernels run slower"
  }

  private static var memory: String {
    let page = sysconf(Int32(_SC_PAGESIZE))
    let total = sysconf(Int32(_SC_PHYS_PAGES)) * page, free = sysconf(Int32(_SC_AVPHYS_PAGES)) * page
    return "\(free / 1_048_576) MiB free of \(total / 1_048_576) MiB"
  }

  /// The text after `name :` in a file of the kernel's.
  private static func field(_ name: String, in path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 8192)
    while fgets(&buffer, Int32(buffer.count), file) != nil {
      let line = String(decoding: buffer.prefix { $0 != 0 && $0 != 10 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      guard line.hasPrefix(name), let colon = line.firstIndex(of: ":") else { continue }
      return String(line[line.index(after: colon)...].drop { $0 == " " })
    }
    return nil
  }
}
