-- Which objective comes nearest to the truth? Trains one model for each variant, from equal weights on equal batches,
-- and judges all of them on the synthetic Earth.
--
--   paper  L = Σ ½ e^{-s} ℓ + ½ s  with ℓ_EC = mean (ŷ − y)² and ℓ_ATM of Eqs. 5–8; a variant replaces a term or adds one
--
-- Use:  fluxbridge Scripts/compare_objectives.lua [huber] [trend] … [--resolution 2] [--years 8] [--epochs 25] [--json FILE]
--       Names are those of files in Scripts/objectives, or of a file of your own beside them; without names, all of them.
local o, names = require "options" { resolution = 2, years = 8, folds = 2, epochs = 25, steps = 0, seed = 1, archive = "", json = "" }
local scores = require "twin_scores"
for _, name in ipairs(names) do require("objectives." .. name) end -- a slip is told before the first is trained
if #names == 0 then names = { "regional_norm", "huber", "global_annual", "trend", "seasonal_amplitude", "humid_tropics" } end

local path = o.archive ~= "" and o.archive or string.format("twin/%gdeg-%dyears-seed%d", o.resolution, o.years, o.seed)
local earth = require "synthetic_earth" { path = path, resolution = o.resolution, years = o.years, seed = o.seed, quiet = true }
local d, r, target = earth.drivers, earth.regions, earth.target
local b = bridge.regional { reference = earth.reference, regions = r, drivers = d, candidates = 1000, r2 = 0.998, seed = o.seed }
local days = earth.towers:attach(d)

-- The paper's terms, and what each variant does to them: one that takes the place of `ec` or `atm`, or stands beside both.
local replaces = { regional_norm = "atm", huber = "atm", humid_tropics = "ec" }
local function terms(name)
  local list = { ec = objective.mse(), atm = objective.regional { bridge = b, target = target } }
  if name == "humid_tropics" then
    list.ec = require "objectives.humid_tropics" ()
  elseif name ~= "paper" then
    list[replaces[name] or name] = require("objectives." .. name)(b, target)
  end
  return list
end

local runs, figures, order = {}, {}, { "paper", table.unpack(names) }
for _, name in ipairs(order) do
  local began = os.time()
  local result = trainer.single {
    model = model.mlp { inputs = d.names }, towers = days, drivers = d, folds = o.folds, epochs = o.epochs, seed = o.seed,
    max_steps = o.steps > 0 and o.steps or nil, holdout_years = o.years >= 6 and 2 or 0, terms = terms(name),
    weighting = objective.kendall(), schedule = function(epoch) return 0.5 * (1 + math.cos(math.pi * (epoch - 1) / o.epochs)) end,
  }:train()
  runs[name] = result.model:forward(d):mean("member")
  figures[name] = { tower_rmse_oof = metrics.rmse(result:at_towers("model"), days.nee), seconds = os.time() - began }
  print(string.format("%-20s trained in %d s", name, figures[name].seconds))
end

runs.truth = earth.truth.nee:monthly("mean")
local judged = scores.of(runs, { truth = { cube = runs.truth, series = runs.truth:integral(r) } }, r)
print(string.format("\nAgainst the hidden truth (global NEE %.2f PgC yr-1)\n%-20s %12s %14s %14s %16s %12s", judged.truth.global_nee,
  "objective", "global NEE", "annual RMSE", "seasonal RMSE", "tropical pixels", "towers"))
print(string.format("%-20s %12s %14s %14s %16s %12s", "", "PgC yr-1", "by region", "PgC month-1", "gC m-2 d-1", "out of fold"))
for _, name in ipairs(order) do
  local f = judged[name]
  for key, value in pairs(figures[name]) do f[key] = value end
  print(string.format("%-20s %12.2f %14.3f %14.3f %16.3f %12.3f", name, f.global_nee, f.regional_annual_rmse.truth,
    f.monthly_rmse_demeaned.truth, f.pixel_rmse_tropics.truth, f.tower_rmse_oof))
end
if o.json ~= "" then flux.json.write(o.json, judged) end
