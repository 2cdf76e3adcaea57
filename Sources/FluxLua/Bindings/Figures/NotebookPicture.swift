import FluxCore
import FluxDocument
import FluxFigures
import LuaRuntime

/// How a notebook shows a figure.
enum NotebookPicture: String, CaseIterable, LuaEnum {
  case png
  /// Lines that stay sharp at any size; larger than PNG for maps of many cells.
  case svg

  /// - Throws: ``FluxError`` where GMT, ghostscript or poppler is missing.
  func form(of figure: Figure) throws -> RichForm {
    switch self {
    case .png: RichForm("image/png", .bytes(try figure.data(.png, resolution: 150)))
    case .svg: RichForm("image/svg+xml", .text(String(decoding: try figure.data(.svg), as: UTF8.self)))
    }
  }
}
