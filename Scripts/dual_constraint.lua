-- What does a second constraint buy? The paper's experiment on the built-in synthetic Earth.
--
--   NEE = f(ω, x)          trained on towers alone (EC), or on towers and regional totals (EC-ATM):
--   L = Σ ½ e^{-s} ℓ + ½ s,  ℓ_EC = mean (ŷ - y)²,  ℓ_ATM = Σ_r area_r mean_m ‖A - m̂‖₃ / (1 + range)
--
-- Use:  fluxbridge Scripts/dual_constraint.lua [--full] [--seed N] [--term scripted] [--json FILE] …
local o = require "options" {
  full = false, seed = 1, resolution = 2, years = 8, folds = 0, epochs = 0, archive = "", json = "", term = "builtin", null = false,
}
local scores, json, began = require "twin_scores", require "json", os.time()
local folds = o.folds > 0 and o.folds or o.full and 5 or 2
local epochs = o.epochs > 0 and o.epochs or o.full and 80 or 25
local first, last = 2001, 2000 + o.years
local folder = o.archive ~= "" and o.archive or string.format("twin/%gdeg-%dyears-seed%d%s", o.resolution, o.years, o.seed, o.null and "-null" or "")
print(string.format("%s run: %d folds, %d epochs, seed %d, twin of %g° and %d years", o.full and "Full" or "Small (not --full)",
  folds, epochs, o.seed, o.resolution, o.years))

-- The synthetic Earth, written in the formats of the real one; read back as real files are.
if not io.open(folder .. "/reference/nee.nc") then
  twin.archive { path = folder, resolution = o.resolution, years = { first, last }, seed = o.seed, bias = not o.null }
end
local function open(path, variable) return cube.open(folder .. "/" .. path .. ".nc", variable) end
local function base(name) return folder .. "/drivers/" .. name .. ".nc" end

local d = drivers.build {
  evi = base "evi", fapar = base "fapar", ndvi = base "ndvi", ndwi = base "ndwi", band4 = base "band4", lst_day = base "lst_day",
  lst_night = base "lst_night", rg = base "rg", tair = base "tair", precip = base "precip", years = { first, last },
}
local r = regions.reccap2(d.grid)
local t = towers.open(folder .. "/towers", { sites = folder .. "/towers/sites.csv", qc = 0.75 }):attach(d)
local inv = inversions.open(folder .. "/inversions/inversions.nc") - open("fires/gfas", "co2fire") - open("lateral/lateral")
local target = inv:regional(r)
local b = bridge.regional { reference = open("reference/nee", "nee"), regions = r, drivers = d, candidates = 1000, r2 = 0.998, seed = o.seed }
print(b:report())

local atm = objective.regional { bridge = b, target = target }
if o.term == "scripted" then atm = require "objectives.regional_norm" (b, target) end
local result = trainer.paired {
  model = model.mlp { inputs = d.names }, towers = t, drivers = d, folds = folds, epochs = epochs, seed = o.seed,
  terms = { ec = objective.mse(), atm = atm }, weighting = objective.kendall(), optimizer = optim.adam { lr = 0.003 },
  schedule = function(epoch) return 0.5 * (1 + math.cos(math.pi * (epoch - 1) / epochs)) end,
}:train()

-- The globe: each ensemble's mean, the control, the inversions, and what was hidden.
local truth = twin.truth(folder)
local runs = { ec = result.ec:forward(d):mean("member"), ec_atm = result.ec_atm:forward(d):mean("member"), truth = truth.nee:monthly("mean") }
runs.ec_offset = metrics.fitted_offset { run = runs.ec, target = target, regions = r }
runs.inversions = inv:map(r)
local figures, tables = scores.of(runs, {
  truth = { cube = runs.truth, series = runs.truth:integral(r) }, inversions = { cube = runs.inversions, series = target:mean("member") },
}, r)
for _, name in ipairs { "ec", "ec_atm" } do
  local own, all = result:at_towers(name), result:at_towers(name, { out_of_fold = false })
  figures[name].tower_rmse_oof, figures[name].tower_rmse_all = metrics.rmse(own, t.nee), metrics.rmse(all, t.nee)
  figures[name].tower_truth_rmse = metrics.rmse(own, truth:at(t))
end
for _, name in ipairs { "inversions", "truth", "truth_pixels" } do print(""); print(tables[name]) end
local criteria = scores.criteria(figures)
scores.print(criteria)

figures.weights_converged, figures.criteria = result.weights_converged, criteria
figures.seconds, figures.peak_rss_mib = os.time() - began, flux.peak_rss_mib()
print(string.format("\nweights converged: %s; %d s; peak memory %.0f MiB", figures.weights_converged, figures.seconds, figures.peak_rss_mib))
if o.json ~= "" then json.write(o.json, figures) end
