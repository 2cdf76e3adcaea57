-- What does a second constraint buy? The paper's experiment on the built-in synthetic Earth.
--
--   NEE = f(ω, x)          trained on towers alone (EC), or on towers and regional totals (EC-ATM):
--   L = Σ ½ e^{-s} ℓ + ½ s,  ℓ_EC = mean (ŷ - y)²,  ℓ_ATM = Σ_r area_r mean_m ‖A - m̂‖₃ / (1 + range)
--
-- Use:  fluxbridge Scripts/dual_constraint.lua [--full] [--seed N] [--term scripted|huber|…] [--bridge exact] [--optimizer gauss_newton]
--       [--report FOLDER] [--totals FOLDER] …
-- Controls: --null is an Earth whose towers have no biases; --permute trains on totals that belong to other regions, and must fail.
local o = require "options" ({
  full = false, seed = 1, resolution = 2, years = 8, folds = 0, epochs = 0, archive = "", json = "", checkpoint = "", term = "builtin", bridge = "sparse", null = false,
  permute = false, optimizer = "adam", report = "", totals = "", checkpoint_every = 30,
}, { seed = 0, years = 2, folds = 0, epochs = 0, bridge = { "sparse", "exact" }, optimizer = { "adam", "gauss_newton" } })
local term = o.term ~= "builtin" and require("objectives." .. (o.term == "scripted" and "regional_norm" or o.term))
local scores, began = require "twin_scores", os.time()
local folds = o.folds > 0 and o.folds or o.full and 5 or 2
local epochs = o.epochs > 0 and o.epochs or o.full and 120 or 25
local folder = o.archive ~= "" and o.archive or string.format("twin/%gdeg-%dyears-seed%d%s", o.resolution, o.years, o.seed, o.null and "-null" or "")
local label = string.format("%s run: %d folds, %d epochs, seed %d, twin of %g° and %d years%s%s", o.full and "Full" or "Small (not --full)",
  folds, epochs, o.seed, o.resolution, o.years, o.null and ", null: no biases at the towers" or "", o.permute and ", permuted region labels" or "")
print(label)

-- The synthetic Earth, written in the formats of the real one; read back as real files are.
local earth = require "synthetic_earth" { path = folder, resolution = o.resolution, years = o.years, seed = o.seed, bias = not o.null }
local d, r, inv, target = earth.drivers, earth.regions, earth.inversions, earth.target
local t = earth.towers:attach(d)
local b = o.bridge == "exact" and bridge.exact { regions = r, drivers = d } or bridge.regional {
  reference = earth.reference, regions = r, drivers = d, candidates = 1000, r2 = 0.9995, probes = 48, seed = o.seed,
}
if o.bridge ~= "exact" then print(b:report()) end

-- The control: every region is given the totals of another, drawn by the seed (Sattolo's cycle leaves none in its place).
local taught = target
if o.permute then
  local codes = { table.unpack(r.codes) }
  math.randomseed(o.seed)
  for i = #codes, 2, -1 do
    local k = math.random(i - 1)
    codes[i], codes[k] = codes[k], codes[i]
  end
  taught = target:only(codes):relabel(r.codes)
  print("totals of " .. table.concat(codes, " ") .. "\nin place of " .. table.concat(r.codes, " "))
end
local atm = term and term(b, taught) or objective.regional { bridge = b, target = taught }
local result = trainer.paired {
  model = model.mlp { inputs = d.names }, towers = t, drivers = d, folds = folds, epochs = epochs, seed = o.seed,
  terms = { ec = objective.mse(), atm = atm }, weighting = objective.kendall(), optimizer = optim[o.optimizer] { lr = 0.02 },
  checkpoint = o.checkpoint ~= "" and o.checkpoint or nil, checkpoint_every = o.checkpoint_every,
  schedule = function(epoch) return 0.5 * (1 + math.cos(math.pi * (epoch - 1) / epochs)) end,
}:train()
if not result.complete then os.exit(130) end -- Ctrl-C; --checkpoint has kept what is done

-- The globe: each ensemble's mean, the control, the inversions, and what was hidden.
local truth = earth.truth
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
for _, t in ipairs { { "inversions", "the inversion mean" }, { "truth", "the hidden truth" }, { "truth_pixels", "the hidden truth, pixel by pixel" } } do
  print("\nAgainst " .. t[2]); print(tables[t[1]])
end
print("\n" .. label)
local criteria = scores.criteria(figures)
scores.print(criteria)

figures.weights_converged, figures.criteria = result.weights_converged, criteria
figures.seconds, figures.peak_rss_mib = os.time() - began, flux.peak_rss_mib()
print(string.format("\nweights converged: %s; %d s; peak memory %.0f MiB", figures.weights_converged, figures.seconds, figures.peak_rss_mib))
figures.regional = { inversions = tables.inversions.scores, truth = tables.truth.scores }
if o.totals ~= "" then
  os.execute("mkdir -p '" .. o.totals:gsub("'", "'\\''") .. "'")
  for _, name in ipairs { "ec", "ec_atm" } do result[name]:integral(d, r):save(o.totals .. "/" .. name .. ".nc") end
end
if o.report ~= "" then print(result:report(o.report, { title = label, truth = truth, pft = cube.open(folder .. "/drivers/pft.nc", "pft") })) end
if o.json ~= "" then flux.json.write(o.json, figures) end
