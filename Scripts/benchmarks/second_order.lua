-- Does the bridge's Jacobian pay? EC-ATM by Adam and by optim.gauss_newton, from equal weights on equal batches, to equal selection scores.
--
--   score = ln ℓ_EC (validation sites) + ln ℓ_ATM (held-out years), the least wins
--
-- For each fold: the best score that Adam comes to, in which step, after which training time; and the step and time at which Gauss-Newton is as good.
--
-- Use:  fluxbridge Scripts/benchmarks/second_order.lua [--seed N] [--folds 4] [--epochs 25] [--resolution 2] [--archive DIR] [--json FILE]
local o = require "options" ({
  seed = 1, folds = 4, epochs = 25, resolution = 2, years = 8, archive = "", json = "",
}, { seed = 0, folds = 2, epochs = 2, years = 2 })
local path = o.archive ~= "" and o.archive or string.format("twin/%gdeg-%dyears-seed%d", o.resolution, o.years, o.seed)
local earth = require "synthetic_earth" { path = path, resolution = o.resolution, years = o.years, seed = o.seed, quiet = true }
local d = earth.drivers
local b = bridge.regional { reference = earth.reference, regions = earth.regions, drivers = d, candidates = 1000, r2 = 0.9995, seed = o.seed }

-- Side by side as cells of one sweep, so that both see the same machine.
local atm = objective.regional { bridge = b, target = earth.target }
local result = trainer.sweep {
  model = model.mlp { inputs = d.names }, towers = earth.towers:attach(d), drivers = d, folds = o.folds, epochs = o.epochs, seed = o.seed,
  terms = { ec = objective.mse(), atm = atm }, weighting = objective.kendall(), schedule = optim.cosine(), select = "sum",
  variants = { adam = { optimizer = optim.adam { lr = 0.02 } }, gauss_newton = { optimizer = optim.gauss_newton { lr = 0.02 } } },
}:train()

-- By variant and fold: the least score after each epoch, with steps and seconds of training up to there.
local curves, steps = { adam = {}, gauss_newton = {} }, {}
for _, m in ipairs(result.members) do steps[m.fold] = m.steps // o.epochs end
for _, e in ipairs(result.curves) do
  local curve = curves[e.variant][e.fold] or {}
  local before = curve[#curve] or { score = math.huge, seconds = 0, steps = 0 }
  curve[#curve + 1] = { score = math.min(before.score, e.score), seconds = before.seconds + e.seconds, steps = before.steps + steps[e.fold] }
  curves[e.variant][e.fold] = curve
end

local function median(list)
  table.sort(list)
  local middle = #list // 2
  return #list % 2 == 1 and list[middle + 1] or 0.5 * (list[middle] + list[middle + 1])
end

--- The first entry of a curve with a score no worse; nil when there is none.
local function reach(curve, score)
  for _, point in ipairs(curve) do if point.score <= score then return point end end
end

local adam, newton = curves.adam, curves.gauss_newton
local shares, ratios, gains, rows = {}, {}, {}, {}
print(string.format("\n%-6s %22s %20s %26s", "fold", "Adam: best score", "steps, seconds", "Gauss-Newton: as good in"))
for fold = 1, o.folds do
  local best = adam[fold][#adam[fold]].score
  local one, other = reach(adam[fold], best), reach(newton[fold], best)
  local text = other and string.format("%d steps, %.1f s", other.steps, other.seconds) or "never"
  print(string.format("%-6d %22.3f %12d, %6.1f %26s", fold, best, one.steps, one.seconds, text))
  shares[fold], ratios[fold] = other and other.steps / one.steps or math.huge, other and other.seconds / one.seconds or math.huge
  gains[fold] = best - newton[fold][#newton[fold]].score
  rows[fold] = { adam = one, gauss_newton = other or false }
end
print(string.format("median over folds: %.2f of the steps, %.2f of the seconds; at the end of %d epochs its best score is lower by %.3f", median(shares),
  median(ratios), o.epochs, median(gains)))
if o.json ~= "" then
  flux.json.write(o.json, { steps = median(shares), seconds = median(ratios), gain = median(gains), folds = rows, epochs = o.epochs, seed = o.seed })
end
