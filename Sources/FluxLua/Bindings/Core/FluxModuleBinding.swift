import FluxCore
import Glibc
import LuaRuntime

/// The program's own module. All other module tables are fields of it.
let fluxModule = LuaModule(
  "flux", "Fluxbridge itself; every module is also a field of it (flux.model)",
  [
    .value("version", "string", "version of Fluxbridge", example: "flux.version:match \"%d+%.%d+%.%d+\" ~= nil  --> true") { _ in FluxVersion.text },
    .function("threads", "(count?: integer) -> integer", "how many threads work; sets it first when a count is given",
      example: "flux.threads(2)  --> 2"
    ) { call in
      if let count = try call.argument(1, "count") as Int? {
        guard count >= 1 else { throw call.mismatch(1, "count", expected: "a count of at least 1") }
        ThreadPool.setThreadCount(count)
      }
      return ThreadPool.threadCount
    },
    .function("seconds", "() -> number", "a clock that only runs forward, s; its zero means nothing", example: """
      start = flux.seconds()
      flux.seconds() - start < 1  --> true
      """
    ) { _ in MonotonicClock.seconds },
    .function("peak_rss_mib", "() -> number", "the most memory that the program has held so far, MiB",
      example: "flux.peak_rss_mib() > 1  --> true"
    ) { _ in
      var usage = rusage()
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return Double(usage.ru_maxrss) / 1024
    },
  ])

/// Functions that are globals themselves.
let helpModule = LuaModule(
  "", "global functions",
  [
    .function("help", "(what?: any)", "explains a module, function, object or name; searches for any other word; without argument, lists the modules",
      example: """
        help "grid.regular"
        help(cube.open)
        help(tensor{1, 2})
        """
    ) { call in
      let value = try call.argument(1, "what") as LuaValue
      let page = try Help.page(for: value, in: call.session)
      try call.session.present(page.text) { [page.form] }
    },
    .function("apropos", "(words: string)", "lists every help text that holds these words",
      example: """
        apropos "seasonal cycle"
        """
    ) { call in
      let words = try call.argument(1, "words") as String
      let lines = Help.search(words, in: call.session)
      guard !lines.isEmpty else { throw FluxError("no help text holds '\(words)'", at: call.place, remedy: "help() lists the modules.") }
      StandardStream.output.write(lines.joined(separator: "\n") + "\n")
    },
    .function("display", "(value: any, {id?: string})", "shows a value as the front end can best: a notebook as a table or a picture",
      example: """
        display(tensor{1, 2})
        """
    ) { call in
      let value = try call.argument(1, "value") as LuaValue
      let options = try call.options(2)
      try call.session.display(value, options.value("id"))
    },
    .function("clear_output", "(wait: boolean = false)", "takes away what the cell of a notebook has shown, or lets the next thing replace it",
      example: """
        clear_output()
        """
    ) { call in call.session.clearOutput(try call.argument(1, "wait", default: false)) },
  ])
