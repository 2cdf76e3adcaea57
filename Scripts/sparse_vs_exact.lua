-- What does a sparse bridge cost against the exact integral, judged by the truth? EC, EC with offsets, and EC-ATM through three bridges, on one
-- synthetic Earth, from equal weights on equal batches.
--
--   paper       sparse models of R² 0.95 as printed: shrunken weights, free intercept          m̂ = Σ_s Θ f + b
--   conserving  R² 0.9995 with probes, refitted so that a constant flux keeps its integral      Σ Θ = Σ area, b = 0
--   exact       every land pixel; with --days N an unbiased look at N days of each month        m̂ = Σ_p A f
--
-- Distances to the hidden truth: of the mean NEE of the globe and of the regions within and outside 23.5°, and of the map. Beside them the bridge's own
-- error, bridge minus exact integral of the trained model, which no one can see outside a twin.
--
-- Use:  fluxbridge Scripts/sparse_vs_exact.lua [--seed N] [--folds 3] [--epochs 60] [--days 10] [--archive DIR] [--json FILE]
local o = require "options" ({
  seed = 1, resolution = 2, years = 8, folds = 3, epochs = 60, days = 10, archive = "", json = "",
}, { seed = 0, years = 2, folds = 2, epochs = 1, days = 0 })
local scores = require "twin_scores"
local folder = o.archive ~= "" and o.archive or string.format("twin/%gdeg-%dyears-seed%d", o.resolution, o.years, o.seed)
local earth = require "synthetic_earth" { path = folder, resolution = o.resolution, years = o.years, seed = o.seed, quiet = true }
local d, r, target = earth.drivers, earth.regions, earth.target
local t = earth.towers:attach(d)

local function sparse(options)
  local all = { reference = earth.reference, regions = r, drivers = d, candidates = 1000, seed = o.seed }
  for name, value in pairs(options) do all[name] = value end
  return bridge.regional(all)
end
local bridges = {
  paper = sparse { refit = "none", r2 = 0.95, probes = 0 },
  conserving = sparse { r2 = 0.9995, probes = 48 },
  exact = bridge.exact { regions = r, drivers = d, days = o.days > 0 and o.days or "all" },
}

local terms, variants = { ec = objective.mse() }, { ec = { terms = { "ec" } } }
for name, b in pairs(bridges) do
  terms["atm_" .. name] = objective.regional { bridge = b, target = target }
  variants["ec_atm_" .. name] = { terms = { "ec", "atm_" .. name } }
end
local result = trainer.sweep {
  model = model.mlp { inputs = d.names }, towers = t, drivers = d, folds = o.folds, epochs = o.epochs, seed = o.seed, terms = terms, variants = variants,
  weighting = objective.kendall(), optimizer = optim.adam { lr = 0.02 }, schedule = optim.cosine(),
}:train()
if not result.complete then os.exit(130) end

local runs = { truth = earth.truth.nee:monthly("mean"), inversions = earth.inversions:map(r) }
for _, name in ipairs(result.variants) do runs[name] = result:at { variant = name }:forward(d):mean("member") end
runs.ec_offset = metrics.fitted_offset { run = runs.ec, target = target, regions = r }
local figures = scores.of(runs, { truth = { cube = runs.truth, series = runs.truth:integral(r) } }, r)

local order = { "ec", "ec_offset", "ec_atm_paper", "ec_atm_conserving", "ec_atm_exact", "inversions" }
local named = {
  ec = "EC", ec_offset = "EC offset", ec_atm_paper = "EC-ATM, paper's bridge", ec_atm_conserving = "EC-ATM, conserving bridge",
  ec_atm_exact = "EC-ATM, exact bridge", inversions = "inversion mean",
}
local truth, measured = figures.truth, { seed = o.seed, folds = o.folds, epochs = o.epochs, days = o.days }
print(string.format("\nDistance to the hidden truth, seed %d, %d folds, %d epochs, twin of %g° and %d years", o.seed, o.folds, o.epochs, o.resolution, o.years))
print(string.format("%-27s %8s %8s %13s %8s %8s %13s %8s %8s", "", "globe", "tropics", "extratropics", "pixels", "tropics", "extratropics", "towers", "bridge"))
print(string.format("%-27s %31s %31s %8s %8s", "", "mean NEE, PgC yr-1", "RMSE of the map, gC m-2 d-1", "RMSE", "error"))
for _, name in ipairs(order) do
  local f, own = figures[name], name:match "^ec_atm_(.+)"
  local row = {
    globe = math.abs(f.global_nee - truth.global_nee), tropics = math.abs(f.tropical_nee - truth.tropical_nee),
    extratropics = math.abs(f.global_nee - f.tropical_nee - truth.global_nee + truth.tropical_nee),
    pixels = f.pixel_rmse.truth, pixels_tropics = f.pixel_rmse_tropics.truth, pixels_extratropics = f.pixel_rmse_extratropics.truth,
  }
  if variants[name] then row.towers = metrics.rmse(result:at_towers(name), t.nee) end
  if own and own ~= "exact" then
    local members, sum = result:at { variant = name }, 0
    for i = 1, #members do sum = sum + bridges[own]:gap(members[i]):total():annual().values:mean():item() end
    row.bridge_error = sum / #members
  elseif own then
    row.bridge_error = 0
  end
  measured[name] = row
  local function optional(value) return value and string.format("%8.3f", value) or string.format("%8s", "") end
  print(string.format("%-27s %8.3f %8.3f %13.3f %8.3f %8.3f %13.3f %s %s", named[name], row.globe, row.tropics, row.extratropics, row.pixels,
    row.pixels_tropics, row.pixels_extratropics, optional(row.towers), optional(row.bridge_error)))
end
if o.json ~= "" then flux.json.write(o.json, measured) end
