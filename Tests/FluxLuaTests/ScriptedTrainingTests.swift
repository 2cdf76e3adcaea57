import FluxCore
import Glibc
import LuaRuntime
import Testing

@testable import FluxLua

/// Optimisers, weightings, schedules and scores that a script writes itself, on synthetic towers.
@Suite("Scripted training", .serialized)
struct ScriptedTrainingTests {
  private static let folder = (getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp") + "/fluxbridge-scripted-\(getpid())"

  /// `days` site-days with one driver; `train(options)` two folds of two terms; `refused(words, f, …)`.
  private func session() throws -> LuaSession {
    let session = FluxLibrary.session()
    _ = try session.run("folder = '\(Self.folder)-' .. math.random(1 << 40)")
    _ = try session.run(
      """
      twin.archive{ path = folder, resolution = 10, years = {2003, 2003}, seed = 4, reference = false }
      days = towers.open(folder .. '/towers', { sites = folder .. '/towers/sites.csv', drivers = {'tair'}, quiet = true }):attach{'tair'}
      m = model.mlp{ inputs = {'tair'}, hidden = {4} }
      function train(options)
        local all = { model = m, towers = days, folds = 2, epochs = 3, batch = 20000, test_sites = 0,
          terms = { ec = objective.mse(), flat = objective.term('flat', { towers = true }, function(step) return step.predicted:square():mean() end) } }
        for name, value in pairs(options) do all[name] = value end
        return trainer.single(all):train()
      end
      function weights(result)
        local list = {}
        for i = 1, #result.model do
          for _, w in ipairs(result.model[i]:parameters()) do for _, x in ipairs(w:reshape{-1}:totable()) do list[#list + 1] = x end end
        end
        return list
      end
      function equal(a, b, tolerance)
        assert(#a == #b and #a > 0)
        for i = 1, #a do if not (math.abs(a[i] - b[i]) <= (tolerance or 0) * math.max(1, math.abs(b[i]))) then return false end end
        return true
      end
      function refused(words, f, ...)
        local ok, message = pcall(f, ...)
        assert(not ok and tostring(message):find(words, 1, true), message)
      end
      """)
    return session
  }

  private func run(_ code: String) throws {
    let session = try session()
    defer { _ = try? session.run("os.execute('rm -rf ' .. folder)") }
    _ = try session.run(code)
  }

  @Test("momentum and Adam written in Lua give the built-in rules' weights")
  func optimizers() throws {
    try run(
      """
      local momentum = optim.new({ lr = 0.01 }, function(w, g, s)
        s.velocity = (s.velocity or 0) * 0.9 + g
        return w - s.lr * s.velocity
      end)
      local fixed = objective.fixed{ ec = 1, flat = 0.1 }
      assert(equal(weights(train{ optimizer = momentum, weighting = fixed }), weights(train{ optimizer = optim.sgd{ lr = 0.01, momentum = 0.9 }, weighting = fixed }), 1e-5))
      local adam = optim.new({ lr = 0.003, name = 'adam' }, function(w, g, s)
        s.mean, s.square = 0.9 * (s.mean or 0) + 0.1 * g, 0.999 * (s.square or 0) + 0.001 * g * g
        return w - s.lr * (s.mean / (1 - 0.9 ^ s.step)) / ((s.square / (1 - 0.999 ^ s.step)):sqrt() + 1e-8)
      end)
      assert(equal(weights(train{ optimizer = adam, weighting = fixed }), weights(train{ weighting = fixed }), 1e-4))
      refused("optimiser 'scripted' gave a Tensor of shape", train, { optimizer = optim.new(function(w, g, s) return g:sum() end) })
      refused("'note' is a string", train, { optimizer = optim.new(function(w, g, s) s.note = 'hello' return w end) })
      """)
  }

  @Test("Kendall's weighting in Lua gives the built-in one's weights; a schedule gives its factors; a wrong total is named")
  func weightings() throws {
    try run(
      """
      local kendall = objective.weighting({ learn = { ec = 0, flat = 0 } }, function(losses, s)
        return 0.5 * ((-s.ec):exp() * losses.ec + s.ec + (-s.flat):exp() * losses.flat + s.flat)
      end)
      local mine, built_in = train{ weighting = kendall }, train{ weighting = objective.kendall{ start = 0 } }
      assert(equal(weights(mine), weights(built_in), 1e-4))
      for i, e in ipairs(mine.curves) do
        assert(math.abs(e.weights[1] - built_in.curves[i].weights[1]) < 1e-2 * e.weights[1])
      end
      local rising = train{ weighting = objective.scheduled{ ec = 1, flat = function(epoch, epochs) return epoch / epochs end } }
      assert(rising.curves[1].weights[2] == 1 / 3 and rising.curves[3].weights[2] == 1)
      local shares = train{ weighting = objective.weighting(function(losses, s) return { ec = 1 / s.first.ec, flat = s.epoch } end) }
      assert(shares.curves[2].weights[2] == 2)
      refused("the function gave a Tensor of shape", train, { weighting = objective.weighting(function(losses) return losses.ec * tensor{1, 2} end) })
      refused("did you mean 'flat'", train, { weighting = objective.scheduled{ flta = 1 } })
      """)
  }

  @Test("a score of one's own chooses the epoch, patience ends a member, a schedule object is the function that it stands for")
  func scores() throws {
    try run(
      """
      local first = train{ select = function(e) return e.epoch end }
      for _, member in ipairs(first.members) do assert(member.epoch == 1) end
      local seen = train{ select = function(e) return -(e.valid.ec + e.train.flat + #e.weights + e.fold) end }
      assert(#seen.curves == 6)
      refused('the score of an epoch is nothing', train, { select = function(e) end })
      refused('the score of epoch 1 (model, fold 1) is nan', train, { select = function(e) return 0/0 end })
      local below = objective.term('below', { towers = true }, function(step) return step.predicted:square():mean() - 1e6 end)
      refused("the score 'sum' of epoch 1 (model, fold 1) is nan", train, { terms = { below = below } })
      refused("the score 'sum'", train, { terms = { ec = objective.mse(), below = below }, weighting = objective.fixed{ ec = 1 } })
      refused("'sum'", train, { select = 'smu' })
      if pcall(train, { optimizer = optim.lbfgs() }) then refused("'schedule' is given with an optimiser that has no learning rate", train, { optimizer = optim.lbfgs(), schedule = optim.cosine() }) end
      refused("'checkpoint_steps' is 0", train, { checkpoint = 'x.nc', checkpoint_steps = 0 })
      refused("'checkpoint_every' is -1", train, { checkpoint = 'x.nc', checkpoint_every = -1 })
      local short = train{ epochs = 9, patience = 2, select = function(e) return e.epoch end }
      assert(#short.curves == 6, #short.curves)          -- three epochs in each of two folds
      local object = train{ schedule = optim.cosine() }
      local script = train{ schedule = function(epoch, epochs) return 0.5 * (1 + math.cos(math.pi * (epoch - 1) / epochs)) end }
      assert(equal(weights(object), weights(script)))
      refused('patience is 0', train, { patience = 0 })
      """)
  }

  @Test("a run with a script's own optimiser and weighting goes on from its checkpoint with the same bits")
  func resumed() throws {
    try run(
      """
      local function options(path, stop)
        local epochs = 0
        return {
          checkpoint = path, checkpoint_every = 0,
          optimizer = optim.new({ lr = 0.01 }, function(w, g, s)
            s.velocity, s.count = (s.velocity or 0) * 0.9 + g, (s.count or 0) + 1
            return w - s.lr / s.count ^ 0.1 * s.velocity
          end),
          weighting = objective.weighting({ learn = { flat = 0 } }, function(losses, s)
            s.mean = 0.5 * (s.mean or s.first.ec) + 0.5 * losses.ec:item()
            return losses.ec / s.mean + 0.5 * ((-s.flat):exp() * losses.flat + s.flat)
          end),
          on_epoch = function() epochs = epochs + 1 if epochs == stop then error('stopped') end end,
        }
      end
      local whole = train(options(folder .. '/whole.nc'))
      for _, stop in ipairs{ 2, 2 } do refused('stopped', train, options(folder .. '/parts.nc', stop)) end
      local parts = train(options(folder .. '/parts.nc'))
      assert(equal(weights(whole), weights(parts)))
      local function bytes(path) local file <close> = assert(io.open(path, 'rb')) return file:read 'a' end
      assert(bytes(folder .. '/whole.nc') == bytes(folder .. '/parts.nc'))
      """)
  }

  @Test("a sweep trains what its table declares, keeps each cell in a file, is found again by name, and refuses what it does not know")
  func sweep() throws {
    try run(
      """
      local function options(more)
        local all = { model = m, towers = days, folds = 2, epochs = 1, batch = 1e6 // 1, seeds = { 3, 5 },
          terms = { ec = objective.mse(), sites = objective.mse{ weight = 'site' } },
          variants = { both = {}, ec = { terms = { 'ec' }, epochs = 2 }, own = { terms = { mine = objective.mse() }, optimizer = optim.sgd{ lr = 0.001 } } } }
        for name, value in pairs(more or {}) do all[name] = value end
        return all
      end
      local declared = trainer.sweep(options{ checkpoint = folder .. '/run.nc', log = folder .. '/run.jsonl' })
      assert(#declared.cells == 6 and declared.cells[1] == 'both, seed 3, replicate 1', declared.cells[1])
      local result = declared:train()
      assert(result.complete and #result.members == 12 and #result.curves == 16 and result.folds == nil)
      assert(#result:at{ variant = 'ec' } == 4 and #result:at{ variant = 'ec', seed = 5, fold = 1 } == 1)
      assert(io.open(folder .. '/run-own-seed5-replicate1.nc'))
      local function lines(path) local n = 0 for _ in io.lines(path) do n = n + 1 end return n end
      assert(lines(folder .. '/run.jsonl') == 6 + 16 + 12 + 6)
      local scores = result:table().scores
      assert(scores.ec['seed 3'].members == 2 and scores.both['seed 5'].sites > 0 and scores.ec['seed 3'].sites == nil)
      -- a cell is the run that one would declare alone
      local alone = trainer.single{ model = m, towers = days, folds = 2, epochs = 2, batch = 1e6 // 1, seed = 5, terms = { ec = objective.mse() } }:train()
      local x = days.x[{ { 1, 50 }, {} }]
      assert((alone.model(x) - result:at{ variant = 'ec', seed = 5 }(x)):abs():max():item() == 0)
      result:save(folder .. '/sweep.nc')
      local again = trainer.load(folder .. '/sweep.nc')
      assert((again:at{ variant = 'own', seed = 3 }(x) - result:at{ variant = 'own', seed = 3 }(x)):abs():max():item() == 0)
      assert((again:at_towers('ec', { towers = days }) - result:at_towers('ec')):abs():max():item() == 0)
      assert(again.curves[1].weights.ec == result.curves[1].weights.ec and again.settings['1_seed'] == '3')
      refused('has no site-days', again.at_towers, again, 'ec')
      refused("no variant 'ce'; did you mean 'ec'", again.at, again, { variant = 'ce' })
      refused('no member is so', again.at, again, { seed = 4 })
      refused("'ec' sets", trainer.sweep, options{ variants = { ec = { folds = 3 } } })
      refused("names no term 'ce'; did you mean 'ec'", trainer.sweep, options{ variants = { a = { terms = { 'ce' } } } })
      refused("option 'variants'", trainer.sweep, options{ variants = {} })
      refused("'a' is a number", trainer.sweep, options{ variants = { a = 1 } })
      refused('every seed once', trainer.sweep, options{ seeds = { 1, 1 } })
      local seen = 0
      trainer.sweep(options{ seeds = { 1 }, replicates = 2, variants = { ec = { terms = { 'ec' } } },
        on_epoch = function(e) seen = seen + 1 assert(e.model and e.replicate >= 1 and e.seed == 1) end }):train()
      assert(seen == 4)
      """)
  }
}
