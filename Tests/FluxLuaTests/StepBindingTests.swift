import FluxCore
import Glibc
import LuaRuntime
import TestSupport
import Testing

@testable import FluxLua

/// A term that looks at towers only, trained for a step on synthetic sites.
@Suite("The step of a scripted term")
struct StepBindingTests {
  let session = FluxLibrary.session()
  let folder = (getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp") + "/fluxbridge-step-lua-\(getpid())"

  @Test("it tells the site, class, place and day of each sample, masks by them, and names what it does not know")
  func samples() throws {
    defer { _ = try? session.run("os.execute('rm -rf \(folder)')") }
    let result = try session.run(
      """
      twin.archive{ path = '\(folder)', resolution = 10, years = {2003, 2003}, seed = 4, reference = false }
      local days = towers.open('\(folder)/towers', { sites = '\(folder)/towers/sites.csv', drivers = {'tair'}, quiet = true }):attach{'tair'}
      local seen = {}
      local function refused(words, f, ...)
        local ok, message = pcall(f, ...)
        assert(not ok and tostring(message):find(words, 1, true), message)
      end
      local term = objective.term('own', { towers = true }, function(step)
        local n = step.predicted.shape[1]
        assert(#step.site == n and #step.igbp == n and #step.date == n and #step.lat == n and #step.lon == n and #step.drivers == n)
        assert(step.date[1]:match('^2003%-%d%d%-%d%d$'), step.date[1])
        local tropics, july, site, class, lat, date = step:mask{ lat = {-23.5, 23.5} }, step:mask{ months = 7 }, step.site, step.igbp, step.lat, step.date
        for i = 1, n, 97 do
          assert(tropics[i] == (math.abs(lat[i]) <= 23.5 and 1 or 0))
          assert(july[i] == (date[i]:sub(6, 7) == '07' and 1 or 0))
          if site[i]:sub(1, 2) == 'EU' then assert(lat[i] > 30 and step.lon[i] < 60) end
        end
        assert(step:mask{ sites = site[1], igbp = class[1] }[1] == 1)
        assert(step:mask{}:sum():item() == n)
        refused("did you mean 'EBF'", step.mask, step, { igbp = 'EFB' })
        refused('month 13', step.mask, step, { months = 13 })
        refused("did you mean 'lat'", step.mask, step, { lta = 1 })
        refused('expected a Bridge', step.predict, step, nil)
        seen[#seen + 1] = step.training
        return (step.predicted - step.observed):square():mean()
      end)
      trainer.single{ model = model.mlp{ inputs = {'tair'}, hidden = {4} }, towers = days, folds = 2, test_sites = 0, epochs = 1,
        max_steps = 1, terms = { ec = term } }:train()
      return #seen, seen[1], seen[2]
      """)
    // Two folds, each with one step and one validation.
    #expect(result[0].integer == 4 && result[1].boolean == true && result[2].boolean == false)
  }

  @Test("a term cannot look at towers only and have a target")
  func contradiction() throws {
    expectRefusal("towers = true beside a bridge or a target") {
      try session.run(
        """
        local time = cube.new{ tensor.zeros{2, 1, 2}, lat = {0}, lon = {0, 10}, time = {'2001-01-15', '2001-02-15'} }.time
        local s = series.new{ tensor.zeros{1, 2}, time = time, regions = {'BRA'}, unit = 'PgC month-1' }
        objective.term('x', { towers = true, target = s }, function() end)
        """)
    }
  }
}
