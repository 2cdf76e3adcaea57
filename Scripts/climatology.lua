-- What do real towers say of the land's mean year? A model of the mean seasonal cycle, mapped and set beside real inversions.
--
--   NEE = f(ω, x)      twelve monthly means of each tower (2000 on), x the same climatology's cell at towers and on the grid
--   Z[b, m] = Σ area × f(ω, x) over the land of a band of latitude, PgC month⁻¹
--
-- Real: the towers (FLUXNET2015), the climatologies (temperature, precipitation, sunshine, soil, leaf area), the inversions.
-- Computed: shortwave of sunshine, potential radiation, the water balance. Nothing is synthetic.
-- A mean year has no weather: no interannual variability by construction. Towers see neither fires nor what rivers carry
-- off, inversions see both; they are compared as they are, the difference is part of the truth.
--
-- Use:  fluxbridge Scripts/climatology.lua FOLDER [--step 0.5] [--json FILE] [--save MAP.nc]
--       FOLDER as Scripts/lib/real_world.lua says; --folds 10 --seeds 3 --epochs 300 --hidden 16 of the model
local o, paths = require "options" { step = 0.5, folds = 10, seeds = 3, epochs = 300, hidden = 16, json = "", save = "" }
if #paths ~= 1 then
  io.stderr:write "usage: fluxbridge Scripts/climatology.lua FOLDER [--step DEGREES] [--json FILE] [--save MAP.nc]\n"
  os.exit(2)
end

local began = flux.seconds()
local earth = require "real_world" (paths[1], o)
local d, samples = earth.drivers, earth.samples
print(string.format("%d real towers, %d site-months from %d days (QC ≥ 0.75, 2000 on); drivers of %d cells of %g°",
  earth.towers.site_count, samples.count, earth.daily.count, d.lat.shape[1], o.step))
for _, note in ipairs(earth.notes) do print("  " .. note) end
print "Real inversions: CAMS v20r1, CT2019B, CTE2020, Jena s99oc_v2020, MIROC; mean year of 2001–2017, net land flux including fires"
print "No interannual variability by construction: every year is the mean year."

-- Site cross-validation: neighbours, and so sites in one cell, share a fold. The yardstick is the same fit without a hidden layer.
local function train(hidden, folds, seed)
  return trainer.single {
    model = model.mlp { inputs = d.names, hidden = hidden, activation = "tanh" }, towers = samples, folds = folds,
    terms = { ec = objective.mse() }, optimizer = optim.adam { lr = 0.01, weight_decay = 1 }, batch = 400, epochs = o.epochs,
    select = "last", seed = seed,
  }:train()
end
local ensembles, network, linear = {}, 0, 0
for seed = 1, o.seeds do
  local folds = earth.towers:folds(o.folds, { seed = seed, group_km = math.max(50, 160 * o.step) })
  local result = train({ o.hidden }, folds, seed)
  network = network + result:at_towers "model" / o.seeds
  linear = linear + train({}, folds, seed):at_towers "model" / o.seeds
  ensembles[seed] = result.model
end
local cv = metrics.cross_validation { runs = { network = network, linear = linear }, towers = samples }.scores
print "\nMonths of sites never seen      R²  RMSE, gC m-2 d-1  R² of site means  R² of cycles about them"
for _, run in ipairs { "network", "linear" } do
  local s = cv[run].all
  print(string.format("%-27s %6.3f %17.3f %17.3f %24.3f", run, s.r2, s.rmse, s.r2_means, s.r2_cycles))
end

-- The land, by every member: its mean year is any year of the store.
local totals, year = {}, { years = { 2001, 2001 } }
for i, ensemble in ipairs(ensembles) do totals[i] = ensemble:integral(d, earth.bands, year).values end
local figures = require "band_cycles" { model = tensor.cat(totals, 1), inversions = earth.target, covered = earth.covered }
print "\nModel: net ecosystem exchange as towers see it. Inversions: net land flux including fires and lateral transport, never NEE."
print(string.format("%d models, %.0f s", o.folds * o.seeds, flux.seconds() - began))

if o.save ~= "" then
  local map = 0
  for _, ensemble in ipairs(ensembles) do map = ensemble:forward(d, year):mean "member" + map end
  (map / o.seeds):named("nee", "net ecosystem exchange of the mean year, by towers"):save(o.save)
end
if o.json ~= "" then
  flux.json.write(o.json, { network = cv.network.all, linear = cv.linear.all, bands = figures, sites = earth.towers.site_count, samples = samples.count })
end
