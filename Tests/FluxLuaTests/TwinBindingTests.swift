import FluxCore
import Glibc
import LuaRuntime
import TestSupport
import Testing

@testable import FluxLua

@Suite("The twin in Lua")
struct TwinBindingTests {
  let session = FluxLibrary.session()
  let folder = (getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp") + "/fluxbridge-twin-lua-\(getpid())"

  @Test("a script writes an archive and opens its truth")
  func archive() throws {
    defer { _ = try? session.run("os.execute('rm -rf \(folder)')") }
    let result = try session.run(
      """
      local made = twin.archive{ path = '\(folder)/deep/er', resolution = 10, years = {2003, 2003}, seed = 4, bias = false,
                                 towers = { EU = 3, USA = 2 }, errors = 0, reference = false }
      local truth = twin.truth('\(folder)/deep/er')
      local towers = towers.open('\(folder)/deep/er/towers', { sites = '\(folder)/deep/er/towers/sites.csv', drivers = {'tair'}, quiet = true })
      local days = towers:attach({'tair'})
      return made.expected_gap == 0, truth.nee.shape[1], #truth:at(days) == days.count, truth.towers.count > days.count and truth.towers:nee('EU-T01', 20030101) ~= nil
      """)
    #expect(result[0].boolean == true)
    #expect(result[1].integer == 365)
    #expect(result[2].boolean == true)
    #expect(result[3].boolean == true)
  }

  @Test("mistakes name the option and the nearest")
  func mistakes() throws {
    for (script, words) in [
      ("twin.archive{}", "'path'"), ("twin.archive{ path = 'x', sed = 1 }", "did you mean 'seed'"),
      ("twin.archive{ path = 'x', bias = { noctural = 0 } }", "did you mean 'nocturnal'"),
      ("twin.archive{ path = 'x', years = {2008, 2001} }", "first and the last year"),
      ("twin.archive{ path = 'x', resolution = 7 }", "resolution"), ("twin.truth('/nowhere')", "/nowhere"),
    ] {
      expectRefusal(words) { try session.run(script) }
    }
  }
}
