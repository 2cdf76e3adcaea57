import FluxConsole
import FluxCore
import FluxDocument
import FluxLua
import LuaRuntime

extension Kernel {
  /// The answer to `kernel_info_request`.
  static var information: JSONText {
    let number = LuaSession.luaVersion.drop { !$0.isNumber }
    return .object([
      ("status", .text("ok")), ("protocol_version", .text("5.4")), ("implementation", .text("fluxbridge")),
      ("implementation_version", .text(FluxVersion.text)),
      ("language_info", .object([
        ("name", .text("lua")), ("version", .text(String(number))), ("mimetype", .text("text/x-lua")), ("file_extension", .text(".lua")),
        ("pygments_lexer", .text("lua")), ("codemirror_mode", .text("lua")), ("nbconvert_exporter", .text("script")),
      ])),
      ("banner", .text("\(Program.banner)   ?x explains x, :help lists commands")),
      ("debugger", .flag(false)),
      ("help_links", .list([
        .object([("text", .text("Lua 5.4 Reference Manual")), ("url", .text("https://www.lua.org/manual/5.4/"))])
      ])),
    ])
  }
}
