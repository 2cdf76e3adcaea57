-- Does a second constraint help on real data? The mean year of real towers and real inversions, learnt together.
--
--   EC      NEE = f(ω, x) on the monthly means of towers
--   EC-ATM  the same and, in every step, Z[b, m] = Σ area × f(ω, x) in five bands of latitude against five inversions (Eqs. 5–11)
--
-- Real: towers, climatologies, inversions, as for Scripts/climatology.lua. Not real: the fires of the last table, one assumed
-- constant a band. Not as in the paper: a mean year in place of seventeen years, bands in place of regions, and land flux with
-- its fires and lateral transport in place of NEE, so the sink that EC-ATM learns is the inversions', not the towers'.
-- No truth is known here. What is shown: members and bands that training has not seen, and only months of the mean year and
-- its sum. No interannual variability by construction.
--
-- Use:  fluxbridge Scripts/real_dual.lua FOLDER [--step 2] [--folds 3] [--epochs 600] [--json FILE]
local o, paths = require "options" { step = 2, folds = 3, epochs = 600, hidden = 16, seed = 1, json = "" }
if #paths ~= 1 then
  io.stderr:write "usage: fluxbridge Scripts/real_dual.lua FOLDER [--step DEGREES] [--folds N] [--epochs N] [--json FILE]\n"
  os.exit(2)
end

local began = flux.seconds()
local earth = require "real_world" (paths[1], o)
local d, samples, T = earth.drivers, earth.samples, earth.target
local bands, members = T.regions, T.members
print(string.format("%d real towers, %d site-months; %d cells of %g°; %d real inversions (%s) in %d bands, mean year of 2001–2017, net land flux including fires",
  earth.towers.site_count, samples.count, d.lat.shape[1], o.step, #members, table.concat(members, " "), #bands))

-- How far the climatology's cell is from the tower that stands in it.
local own = earth.towers:attach(d, { from = "mixed" }):msc { min_days = 10 }
local apart = own.x[{ {}, 1 }] - samples.x[{ {}, 1 }]
local far = apart:abs():gt(5):sum():item() / samples.count
print(string.format("Tower minus cell, monthly temperature: mean %.2f, standard deviation %.2f °C; %.0f %% of site-months more than 5 °C apart",
  apart:mean():item(), apart:std():item(), 100 * far))

local folds = earth.towers:folds(o.folds, { seed = o.seed, group_km = math.max(50, 160 * o.step) })
-- Months are constant within themselves: one day of each is all of it.
local exact, year = bridge.exact { regions = earth.bands, drivers = d, days = 1 }, { years = { 2001, 2001 } }

--- Trains on towers, and on a target where one is given; the months of every band, and the towers out of fold.
local function learn(target, regions)
  local terms = { ec = objective.mse() }
  if target then terms.atm = objective.regional { bridge = exact, target = target, regions = regions or bands } end
  local result = trainer.single {
    model = model.mlp { inputs = d.names, hidden = { o.hidden }, activation = "tanh" }, towers = samples, drivers = d, folds = folds,
    terms = terms, optimizer = optim.adam { lr = 0.01, weight_decay = 1 }, batch = samples.count, epochs = o.epochs,
    holdout_years = 0, select = "last", seed = o.seed,
  }:train()
  local rmse = metrics.rmse(result:at_towers "model", samples.nee)
  return result.model:integral(d, earth.bands, year).values, rmse, result.weights_converged
end

--- Root mean square over bands and months, PgC month⁻¹.
local function apart_from(model, months) return metrics.rmse(model:mean(1), months) end
local function all_but(names, one)
  local rest = {}
  for _, name in ipairs(names) do if name ~= one then rest[#rest + 1] = name end end
  return rest
end

local ec, ec_towers = learn()
local both, both_towers, converged = learn(T)
print(string.format("\nTowers out of fold, RMSE of months: EC %.3f, EC-ATM %.3f gC m-2 d-1; term weights %sconverged", ec_towers, both_towers,
  converged and "" or "NOT "))
local figures = { ec = { tower_rmse = ec_towers }, ec_atm = { tower_rmse = both_towers }, held_members = {}, held_bands = {}, fires = {} }
print "\nEC, towers alone"
figures.ec.bands = require "band_cycles" { model = ec, inversions = T, covered = earth.covered, months = false }
print "\nEC-ATM, towers and all inversions: what it has seen, so no test of it"
figures.ec_atm.bands = require "band_cycles" { model = both, inversions = T, covered = earth.covered }

print "\nA member held out: RMSE against it over bands and months, PgC month-1\nmember        EC   EC-ATM of the others   mean of the others"
for _, name in ipairs(members) do
  local rest, months = T:sel { member = all_but(members, name) }, T:sel { member = name }.values
  local f = { ec = apart_from(ec, months), ec_atm = apart_from(learn(rest), months), others = metrics.rmse(rest:mean "member".values, months) }
  figures.held_members[name] = f
  print(string.format("%-8s %7.3f %22.3f %20.3f", name, f.ec, f.ec_atm, f.others))
end

print "\nA band held out: RMSE of its months about the inversions' mean, PgC month-1, and its year, PgC yr-1"
print "band          EC   EC-ATM of the others      year: EC   EC-ATM of the others   inversions"
for i, band in ipairs(bands) do
  local without, mean = learn(T, all_but(bands, band)), T:mean "member".values[i]
  local a, b = ec:mean(1)[i], without:mean(1)[i]
  local f = { ec = metrics.rmse(a, mean), ec_atm = metrics.rmse(b, mean), ec_year = a:sum():item(), ec_atm_year = b:sum():item(), inversions_year = mean:sum():item() }
  figures.held_bands[band] = f
  print(string.format("%-10s %5.3f %22.3f %14.2f %22.2f %12.2f", band, f.ec, f.ec_atm, f.ec_year, f.ec_atm_year, f.inversions_year))
end

-- Assumed, not data: what fires give off a year, spread evenly over it; taken off, the target comes nearer to what towers see.
local assumed = { ["90S-23.5S"] = 0.15, ["23.5S-0"] = 0.85, ["0-23.5N"] = 0.65, ["23.5N-50N"] = 0.15, ["50N-90N"] = 0.2 }
local fires = {}
for i, band in ipairs(bands) do fires[i] = { assumed[band] / 12 } end
local less = series.new { T.values - tensor(fires, { dtype = "float64" }), time = T.time, regions = T.regions, members = members, unit = T.unit, name = "less_fires" }
local after = learn(less)
print "\nThe year, PgC yr-1, if fires were as assumed\nband           EC   EC-ATM   assumed fires   EC-ATM without them"
for i, band in ipairs(bands) do
  local function sum(values) return values[{ {}, { i, i } }]:sum():item() / values.shape[1] end
  print(string.format("%-10s %6.2f %8.2f %15.2f %21.2f", band, sum(ec), sum(both), assumed[band], sum(after)))
  figures.fires[band] = { assumed = assumed[band], ec_atm = sum(both), ec_atm_without = sum(after) }
end
print(string.format("%-10s %6.2f %8.2f %15.2f %21.2f", "land", ec:sum():item() / o.folds, both:sum():item() / o.folds, 2, after:sum():item() / o.folds))
print(string.format("\n%.0f s", flux.seconds() - began))
if o.json ~= "" then flux.json.write(o.json, figures) end
