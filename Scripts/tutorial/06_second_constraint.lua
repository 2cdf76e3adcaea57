-- Tutorial, 6 of 7: the second constraint. Inversions know the total of a region, though not where in it.
local folder = arg and arg[1] or "tutorial-earth"
local earth = require "synthetic_earth" { path = folder, resolution = 6, years = 3, quiet = true }
local d, r = earth.drivers, earth.regions

-- Five inversions, fires and rivers taken off: totals of 18 regions for each month, and the spread among members.
local target = earth.target
print(target)
local annual = target:mean("member"):total():annual()
print(string.format("the inversions' sink: %.1f PgC per year", annual.values:mean():item()))

-- A model must be asked for the same totals in every step, and a region has thousands of pixels. The bridge is a short
-- list of pixels and weights whose sum follows the whole region's.
local b = bridge.regional { reference = earth.reference, regions = r, drivers = d, candidates = 200, seed = 1 }
print(b)
local month = b:predict(model.mlp { inputs = d.names }, { year = 2002 })
print(month.names[1], month.names[2], month.shape[1], month.shape[2]) --> region  month  18  12

-- The same trainer with two terms, twice from the same weights: EC sees towers, EC-ATM sees both. How the terms weigh
-- against each other is learned too.
local days = earth.towers:attach(d)
local result = trainer.paired {
  model = model.mlp { inputs = d.names }, towers = days, drivers = d, folds = 2, epochs = 10, seed = 1, holdout_years = 0,
  terms = { ec = objective.mse(), atm = objective.regional { bridge = b, target = target } }, weighting = objective.kendall(),
}:train()

local truth = earth.truth.nee:integral(r):total():annual().values:mean():item()
local function global(ensemble) return ensemble:integral(d, r):mean("member"):total():annual().values:mean():item() end
local ec, ec_atm = global(result.ec), global(result.ec_atm)
print(string.format("global NEE, PgC per year: %.1f EC, %.1f EC-ATM, %.1f in truth", ec, ec_atm, truth))
assert(math.abs(ec_atm - truth) < math.abs(ec - truth))

-- Next: 07_own_term.lua
