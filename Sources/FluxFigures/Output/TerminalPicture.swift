import FluxCore
import FluxDocument
import Glibc
internal import CLateLibraries

/// A figure as text that a terminal shows as a picture.
public enum TerminalPicture {
  /// What a terminal can show.
  public enum Kind: Int32, Sendable, CaseIterable {
    case blocks = 0, sixels = 1, kitty = 2
    var name: String { "\(self)" }
  }

  /// From the environment, so that no question is sent to the terminal and no answer waited for; `FLUXBRIDGE_PICTURES` has the first word.
  static func kind(of variables: (String) -> String?) -> (kind: Kind, isTrueColour: Bool) {
    if let wanted = variables("FLUXBRIDGE_PICTURES"), let kind = Kind.allCases.first(where: { $0.name == wanted }) { return (kind, true) }
    let terminal = variables("TERM") ?? "", program = variables("TERM_PROGRAM") ?? ""
    let isTrueColour = ["truecolor", "24bit"].contains(variables("COLORTERM") ?? "") || terminal.hasSuffix("-direct")
    if variables("KITTY_WINDOW_ID") != nil || terminal == "xterm-kitty" || terminal == "xterm-ghostty" || program == "ghostty" { return (.kitty, true) }
    let sixel = ["foot", "mlterm", "yaft", "contour", "sixel"]
    if sixel.contains(where: terminal.contains) || program == "WezTerm" || variables("MLTERM") != nil { return (.sixels, true) }
    return (.blocks, isTrueColour)
  }

  /// Whether this terminal is one that understands no colours nor any other sequence, and no kind of picture was asked for.
  public static var isPlain: Bool { isPlain { getenv($0).map { String(cString: $0) } } }

  static func isPlain(_ variables: (String) -> String?) -> Bool {
    let terminal = variables("TERM") ?? ""
    if let wanted = variables("FLUXBRIDGE_PICTURES"), Kind.allCases.contains(where: { $0.name == wanted }) { return false }
    return terminal.isEmpty || terminal == "dumb"
  }

  /// - Parameters:
  ///   - columns, rows: of the terminal; the picture keeps its shape within them.
  /// - Returns: nil where libchafa is missing.
  public static func text(_ raster: Raster, columns: Int, rows: Int) -> String? {
    let (kind, isTrueColour) = kind { getenv($0).map { String(cString: $0) } }
    // A character is about twice as high as wide.
    let aspect = Double(raster.height) / Double(max(1, raster.width)) / 2
    var width = max(10, min(columns, 200)), height = Int((Double(width) * aspect).rounded())
    if height > max(5, rows - 2) {
      height = max(5, rows - 2)
      width = max(10, Int(Double(height) / aspect))
    }
    guard let drawn = raster.bytes.withUnsafeBufferPointer({
      fx_chafa_draw($0.baseAddress, Int32(raster.width), Int32(raster.height), Int32(width), Int32(max(1, height)), kind.rawValue, isTrueColour ? 0 : 1)
    }) else { return nil }
    defer { free(drawn) }
    return String(cString: drawn)
  }

  /// Draws four pixels and tells what a terminal of this environment is shown, for `fluxbridge doctor`; nil where
  /// libchafa is missing.
  public static func trial() throws -> String? {
    guard reasonMissing == nil else { return nil }
    let pixels = try Raster(portablePixmap: Array("P6 2 2 255\n".utf8) + (0..<12).map { UInt8($0 * 20) }, at: "doctor")
    guard let drawn = text(pixels, columns: 10, rows: 10), drawn.contains("\u{1B}") else {
      throw FluxError("chafa draws nothing", at: "doctor")
    }
    let words = switch kind(of: { getenv($0).map { String(cString: $0) } }).kind {
    case .blocks: "blocks of Unicode"
    case .sixels: "sixels"
    case .kitty: "kitty's pictures"
    }
    return "drew four pixels as \(words); FLUXBRIDGE_PICTURES=blocks, sixels or kitty for another kind"
  }

  /// Why pictures cannot be shown in a terminal, or nil.
  public static var reasonMissing: String? { fx_chafa_missing().map { String(cString: $0) } }

  /// Columns and rows of the terminal of standard output; nil when it is none.
  public static func terminalSize() -> (columns: Int, rows: Int)? {
    guard isatty(STDOUT_FILENO) == 1 else { return nil }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}

extension Figure: RichlyShown {
  /// A notebook shows the picture.
  public func richForms() throws -> [RichForm] { [RichForm("image/png", .bytes(try data(.png, resolution: 150)))] }
}
