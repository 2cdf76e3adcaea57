import FluxCore
import FluxDocument
import FluxFigures

/// A web page of text, tables and figures in one file: it loads nothing, so it opens without a network and can be mailed.
public struct ReportPage: Sendable {
  public enum Block: Sendable {
    case paragraph(String)
    case table(Table)
    /// Names and what they are.
    case pairs([(name: String, text: String)])
    case figure(Figure, caption: String)
    /// Lines of fixed width, such as a script.
    case lines(String)
    /// The same, folded under a line that opens it.
    case folded(title: String, lines: String)
  }

  public struct Section: Sendable {
    public var title: String
    public var blocks: [Block]
    public init(_ title: String, _ blocks: [Block]) { (self.title, self.blocks) = (title, blocks) }
  }

  public var title: String
  public var subtitle: String
  public var sections: [Section]
  /// Of the figures, dots per inch: a figure of a whole page is then 1140 pixels wide.
  public static let resolution = 170

  public init(title: String, subtitle: String, sections: [Section]) { (self.title, self.subtitle, self.sections) = (title, subtitle, sections) }

  /// A figure that could not be drawn.
  public struct MissingFigure: Sendable {
    public let caption: String
    public let reason: FluxError
  }

  /// The page. Where figures cannot be drawn, it says why in their place, and at its top which they are.
  ///
  /// - Parameter progress: called with the share of the figures that are drawn.
  /// - Returns: the page, and the figures that it lacks: whoever writes it tells of them.
  /// - Throws: ``Interrupted`` on Ctrl-C.
  public func html(progress: (Double) -> Void = { _ in }) throws -> (text: String, missing: [MissingFigure]) {
    let shown = sections.filter { !$0.blocks.isEmpty }
    let figureCount = shown.reduce(0) { $0 + $1.blocks.count { if case .figure = $0 { true } else { false } } }
    var drawn = 0, body = "", missing: [MissingFigure] = []
    for (i, section) in shown.enumerated() {
      body += "<section id=\"part-\(i + 1)\">\n<h2>\(HTMLText.escaped(section.title))</h2>\n"
      for block in section.blocks {
        try Interrupt.check()
        guard case .figure(let figure, let caption) = block else {
          body += Self.html(block)
          continue
        }
        do { body += try Self.html(figure, caption) } catch let reason as FluxError {
          missing.append(MissingFigure(caption: caption, reason: reason))
          body += "<p class=\"missing\">A figure is missing here (\(HTMLText.escaped(caption))). "
            + "\(HTMLText.escaped(reason.description))</p>\n"
        }
        drawn += 1
        progress(Double(drawn) / Double(figureCount))
      }
      body += "</section>\n"
    }
    let contents = shown.enumerated().map { "<li><a href=\"#part-\($0 + 1)\">\(HTMLText.escaped($1.title))</a></li>\n" }.joined()
    let text = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(HTMLText.escaped(title))</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <header>
      <h1>\(HTMLText.escaped(title))</h1>
      <p>\(HTMLText.escaped(subtitle))</p>
      </header>
      <nav aria-label="Contents">
      <ul>
      \(contents)</ul>
      </nav>
      <main>
      \(Self.html(missing, of: figureCount))\(body)</main>
      </body>
      </html>

      """
    return (text, missing)
  }

  /// What the page lacks; nothing where it lacks nothing.
  private static func html(_ missing: [MissingFigure], of count: Int) -> String {
    guard let first = missing.first else { return "" }
    let words = "\(missing.count) of \(count) figures are missing, each for the reason in its place. The first: "
    return """
      <div class="missing">
      <p>\(words)\(HTMLText.escaped(first.reason.description))</p>
      <ul>
      \(missing.map { "<li>\(HTMLText.escaped($0.caption))</li>\n" }.joined())</ul>
      </div>

      """
  }

  private static func html(_ block: Block) -> String {
    switch block {
    case .paragraph(let text): return "<p>\(HTMLText.escaped(text))</p>\n"
    case .table(let table): return "<div class=\"table\(table.columns.count > 12 ? " wide" : "")\(table.columns.count > 16 ? " landscape" : "")\">\n\(table.html)</div>\n"
    case .pairs(let pairs):
      return "<dl>\n" + pairs.map { "<dt>\(HTMLText.escaped($0.name))</dt>\n<dd>\(HTMLText.escaped($0.text.isEmpty ? "–" : $0.text))</dd>\n" }.joined() + "</dl>\n"
    case .folded(let title, let text):
      return "<details>\n<summary>\(HTMLText.escaped(title))</summary>\n<pre>\(HTMLText.escaped(printable(text)))</pre>\n</details>\n"
    case .lines(let text): return "<pre>\(HTMLText.escaped(printable(text)))</pre>\n"
    case .figure: return ""
    }
  }

  private static func html(_ figure: Figure, _ caption: String) throws -> String {
    let png = try figure.data(.png, resolution: resolution, at: "Result:report"), (width, height) = size(png)
    let words = HTMLText.escaped(caption)
    return """
      <figure>
      <img src="data:image/png;base64,\(Base64.text(png))" width="\(width)" height="\(height)" alt="\(words)">
      <figcaption>\(words)</figcaption>
      </figure>

      """
  }

  /// Without characters that HTML forbids.
  private static func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 || $0 == "\n" || $0 == "\t" }))
  }

  /// Width and height of a PNG, CSS pixels, from its header: half of its own, so that it is sharp on any screen.
  private static func size(_ png: [UInt8]) -> (Int, Int) {
    guard png.count > 24 else { return (1, 1) }
    func number(_ at: Int) -> Int { (0..<4).reduce(0) { $0 << 8 | Int(png[at + $1]) } }
    return (max(1, number(16) * 96 / resolution), max(1, number(20) * 96 / resolution))
  }

  /// Readable on a phone and on paper.
  private static let style = """
    :root { color-scheme: light; }
    body { font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 58rem; margin: 0 auto; padding: 1rem; }
    h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.5rem 0; }
    h2 { font-size: 1.2rem; margin: 2.2rem 0 0.6rem; border-bottom: 1px solid #ccc; }
    nav ul { columns: 2 14rem; padding-left: 1.2rem; font-size: 0.9rem; }
    a { color: #005a8c; }
    figure { margin: 1.2rem 0; }
    img { max-width: 100%; height: auto; }
    figcaption, caption { font-size: 0.85rem; color: #444; text-align: left; padding: 0.2rem 0; }
    .table { overflow-x: auto; margin: 1rem 0; font-size: 0.8rem; }
    .table p { margin: 0.2rem 0; color: #444; }
    .wide { font-size: 0.68rem; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    thead { border-top: 1px solid #888; border-bottom: 1px solid #888; }
    tbody { border-bottom: 1px solid #888; }
    th, td { padding: 0.1rem 0.45rem; vertical-align: bottom; }
    .wide th, .wide td { padding: 0.1rem 0.25rem; }
    td { white-space: nowrap; }
    dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: 0.1rem 1rem; font-size: 0.85rem; }
    dt { font-weight: 600; }
    dd { margin: 0; overflow-wrap: anywhere; }
    pre { font-size: 0.75rem; line-height: 1.35; white-space: pre-wrap; overflow-wrap: anywhere; background: #f6f6f6; padding: 0.7rem; }
    summary { font-size: 0.85rem; cursor: pointer; overflow-wrap: anywhere; }
    .missing { border-left: 3px solid #d55e00; padding-left: 0.7rem; }
    @page { size: A4; margin: 1.5cm; }
    @page wide { size: A4 landscape; margin: 1.5cm; }
    @media print {
      body { max-width: none; padding: 0; font-size: 9.5pt; }
      nav { display: none; }
      figure, tr { break-inside: avoid; }
      h2 { break-after: avoid; }
      .table { overflow: visible; font-size: 7.5pt; }
      .wide { font-size: 6.5pt; }
      .landscape { page: wide; font-size: 7pt; }
      .wide th, .wide td { padding: 0 0.16rem; }
    }
    """
}
