-- What does a term cost that is written in Lua? The regional term of the paper on [member, region, month], built in and as
-- Scripts/objectives/regional_norm.lua has it, in turn within one training run.
--
--   ℓ = Σ_r area_r / Σ area · mean_m (mean_a |A − m̂|³)^{1/3} / (1 + range)
--
-- Timed is the whole step that a term stands in: towers, bridge, term, gradient, optimiser. Bar: the median ratio of pairs is at most
-- 1.05, or the median difference at most 1 ms; the values agree to 1e-6.
--
-- Use:  fluxbridge Scripts/benchmarks/scripted_term.lua [--pairs 50] [--resolution 6] [--years 3] [--threads N] [--archive DIR] [--json FILE]
local o = require "options" ({
  pairs = 50, resolution = 6, years = 3, candidates = 400, threads = 0, archive = "", json = "",
}, { pairs = 1, years = 2, threads = 0 })
if o.threads > 0 then flux.threads(o.threads) end
local path = o.archive ~= "" and o.archive or string.format("twin/%gdeg-%dyears-seed1", o.resolution, o.years)
local earth = require "synthetic_earth" { path = path, resolution = o.resolution, years = o.years, quiet = true }
local d = earth.drivers
local b = bridge.regional { reference = earth.reference, regions = earth.regions, drivers = d, candidates = o.candidates, clusters = 6 }
local terms = {
  objective.regional { bridge = b, target = earth.target },
  require "objectives.regional_norm" (b, earth.target),
}

local warm, steps, began, worst = 8, 0, nil, 0
local seconds = { {}, {} }

-- The time from one look at the terms to the next is one step; odd steps take the built-in term, even ones the scripted.
local both = objective.term("atm", { bridge = b, target = earth.target }, function(step)
  if not step.training then
    began = nil
    return terms[1](step)
  end
  if began and steps > warm then table.insert(seconds[(steps - 1) % 2 + 1], flux.seconds() - began) end
  steps = steps + 1
  if steps <= warm then
    local x, y = terms[1](step):item(), terms[2](step):item()
    worst = math.max(worst, math.abs(y / x - 1))
  end
  began = flux.seconds()
  return terms[(steps - 1) % 2 + 1](step)
end)

local held_out = {} -- all years but the first: every step has the same work
for year = 2002, 2000 + o.years do held_out[#held_out + 1] = year end
local wanted = warm + 2 * o.pairs + 1
trainer.single {
  model = model.mlp { inputs = d.names }, towers = earth.towers:attach(d), drivers = d, folds = 2, epochs = wanted, max_steps = wanted,
  batch = 2000, holdout_years = held_out, terms = { ec = objective.mse(), atm = both }, weighting = objective.fixed { ec = 1, atm = 20 }, select = "last",
}:train()

local function median(list)
  local sorted = table.move(list, 1, #list, 1, {})
  table.sort(sorted)
  return (sorted[(#sorted + 1) // 2] + sorted[#sorted // 2 + 1]) / 2
end
local count, ratios, differences = math.min(#seconds[1], #seconds[2], o.pairs), {}, {}
for i = 1, count do
  ratios[i], differences[i] = seconds[2][i] / seconds[1][i], seconds[2][i] - seconds[1][i]
end
local result = {
  case = "scripted_term", pairs = count, threads = flux.threads(), built_in_s = median(seconds[1]), scripted_s = median(seconds[2]),
  ratio = median(ratios), difference_s = median(differences), largest_relative_error = worst, version = flux.version,
}
print(string.format("scripted_term  t=%d  built in %.3f ms a step, scripted %.3f ms; of %d pairs: median ratio %.3f, difference %+.3f ms; values to %.1e",
  result.threads, 1e3 * result.built_in_s, 1e3 * result.scripted_s, count, result.ratio, 1e3 * result.difference_s, worst))
if worst > 1e-6 then error(string.format("the values differ by %g of their size", worst), 0) end
print(result.ratio <= 1.05 and "met: at most 1.05 times" or result.difference_s <= 1e-3 and "met: at most 1 ms more" or "NOT met")
if o.json ~= "" then flux.json.write(o.json, result) end
