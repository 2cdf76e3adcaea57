import FluxCore
import FluxData
import Glibc
import Synchronization
internal import CLateLibraries

/// GMT 6 through its C interface, loaded when the first figure is drawn.
public enum GMTLibrary {
  /// What Debian calls everything that figures need.
  public static let packages = "libgmt6 gmt-common gmt-gshhg-low ghostscript poppler-utils"

  private static let lock = Mutex(())

  /// GMT's version, or nil where it is missing.
  public static var version: String? { lock.withLock { _ in fx_gmt_version().map { String(cString: $0) } } }

  /// - Parameter name: another file than `libgmt.so.6`.
  /// - Throws: ``FluxError`` that names the packages, when GMT cannot be loaded.
  public static func require(named name: String? = nil, at place: String) throws {
    let reason = lock.withLock { _ in fx_gmt_missing(name).map { String(cString: $0) } }
    guard let reason else { return }
    throw FluxError(
      "figures need GMT 6, which cannot be loaded (\(reason))", at: place,
      remedy: "Install it: apt-get install \(packages)\n  Everything but figures works without it.")
  }

  /// Runs `body` with a session of its own; one at a time in the process.
  static func withSession<R>(at place: String, _ body: (GMTSession) throws -> R) throws -> R {
    try require(at: place)
    return try lock.withLock { _ in
      guard let session = fx_gmt_open() else {
        throw FluxError("GMT does not start: \(String(cString: fx_gmt_messages()))", at: place)
      }
      defer { fx_gmt_close(session) }
      return try body(GMTSession(session, place))
    }
  }
}

/// A session of GMT, in which modules are run one after another.
struct GMTSession {
  private let session: UnsafeMutableRawPointer
  private let place: String

  fileprivate init(_ session: UnsafeMutableRawPointer, _ place: String) { (self.session, self.place) = (session, place) }

  /// - Throws: ``FluxError`` with what GMT said, when the module fails; ``Interrupted`` when the user asked to stop.
  func run(_ step: GMTStep) throws {
    try Interrupt.check()
    var arguments: [UnsafeMutablePointer<CChar>?] = step.arguments.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    // GMT reads grids through the netCDF library, which is not safe to use from two threads.
    let code = NetCDFLibrary.locked { fx_gmt_call(session, step.module, Int32(step.arguments.count), &arguments) }
    guard code != 0 else { return }
    try Interrupt.check()
    let lines = String(cString: fx_gmt_messages()).split(separator: "\n").map { $0.drop { $0 == " " } }
    // Ghostscript may have heard it before us, or alone.
    if lines.contains(where: Self.tellsInterrupt) { throw Interrupted() }
    let said = lines.first { $0.contains("ERROR") || $0.contains("rror") } ?? lines.first ?? "it does not say why"
    throw FluxError("GMT's \(step.module) failed with code \(code): \(said)", at: place)
  }

  /// Whether GMT says that a program was ended by SIGINT: by the status of system(3), of the program itself or of the shell around it.
  static func tellsInterrupt(_ line: some StringProtocol) -> Bool {
    ["returned error \(SIGINT).", "returned error \((128 + SIGINT) << 8)."].contains { line.hasSuffix($0) }
  }
}

/// One call of a GMT module.
struct GMTStep: Equatable {
  var module: String
  var arguments: [String]
  init(_ module: String, _ arguments: [String]) {
    self.module = module
    self.arguments = arguments
  }
}
