-- How well does a sparse bridge stand for the exact integral? The full bridge of the synthetic Earth, and its error.
--
--   m̂[r, m] = Σ_d (Σ_s Θ[r, s] f(ω, x[r, s, d]) + b[r])   against   Σ_d Σ_p A[r, p] f(ω, x[r, p, d])
--
-- Builds the 18 regions' bridge as it is by default and in the ways of the paper, and reports them; with --train also trains EC and EC-ATM through
-- one of them (--through) and prints, for each, bridge minus exact at the end of training: the extrapolation error that the paper could not measure.
--
-- Use:  fluxbridge Scripts/full_bridge.lua [--resolution 1] [--years 5] [--train] [--through default] [--redraws 200] [--region EU] [--json FILE]
local o = require "options" ({
  resolution = 1, years = 5, seed = 1, archive = "", train = false, through = "default", folds = 2, epochs = 25, redraws = 0, region = "EU", json = "",
}, { seed = 0, years = 2, through = { "default", "experiment", "no probes", "debias", "none" } })
local folder = o.archive ~= "" and o.archive or string.format("twin/%gdeg-%dyears-seed%d", o.resolution, o.years, o.seed)
local earth = require "synthetic_earth" { path = folder, resolution = o.resolution, years = o.years, seed = o.seed }
local d, r = earth.drivers, earth.regions
local pft = cube.open(folder .. "/drivers/pft.nc", "pft")
local figures = { resolution = o.resolution, years = o.years, seed = o.seed, threads = flux.threads() }

local bridges = {}
for _, how in ipairs {
  { "default", {} }, { "no probes", { probes = 0 } }, { "debias", { refit = "debias" } }, { "none", { refit = "none", r2 = 0.95 } },
  { "experiment", { r2 = 0.9995, candidates = 1000 } },
} do
  local options = { reference = earth.reference, regions = r, drivers = d, candidates = 400, pft = pft, seed = o.seed }
  for name, value in pairs(how[2]) do options[name] = value end
  local began = flux.seconds()
  local b = bridge.regional(options)
  local seconds, worst = flux.seconds() - began, 1
  for _, score in pairs(b:score()) do worst = math.min(worst, score.r2) end
  bridges[#bridges + 1] = { name = how[1], bridge = b }
  bridges[how[1]] = b
  figures[how[1]] = { seconds = seconds, worst_r2 = worst }
  print(b:report())
  print(string.format("%s: %.1f s, lowest R² %.4f\n", how[1], seconds, worst))
end

--- Bridge minus exact of an ensemble's members, PgC yr⁻¹: by region, mean over members and years, and of the globe.
local function gap(b, members)
  local mean
  for i = 1, #members do
    local annual = b:gap(members[i]):annual().values:mean("time") -- a year's total, mean over years
    mean = mean and mean + annual or annual
  end
  return mean / #members
end

if o.train then
  local t = earth.towers:attach(d)
  local result = trainer.paired {
    model = model.mlp { inputs = d.names }, towers = t, drivers = d, folds = o.folds, epochs = o.epochs, seed = o.seed,
    terms = { ec = objective.mse(), atm = objective.regional { bridge = bridges[o.through], target = earth.target } },
    weighting = objective.kendall(), optimizer = optim.adam { lr = 0.02 },
    schedule = function(epoch) return 0.5 * (1 + math.cos(math.pi * (epoch - 1) / o.epochs)) end,
  }:train()
  figures.gap = {}
  for _, name in ipairs { "ec", "ec_atm" } do
    local names, columns, globe, worst = {}, {}, {}, 0
    for k, b in ipairs(bridges) do
      names[k], columns[k] = b.name, gap(b.bridge, result[name])
      globe[k] = columns[k]:sum():item()
      if b.name == o.through then worst = math.abs(globe[k]) end
    end
    local head, row = "%-8s" .. (" %12s"):rep(#names), "%-8s" .. (" %12.3f"):rep(#names)
    print(string.format("Bridge minus exact at the end of %s trained through '%s', PgC yr-1%s", name, o.through,
      worst > 0.5 and ": bridge-limited, more than 0.5 on the globe" or ""))
    print(head:format("region", table.unpack(names)))
    for i, code in ipairs(bridges[1].bridge.regions) do
      local values = {}
      for k, column in ipairs(columns) do values[k] = column[i] end
      print(row:format(code, table.unpack(values)))
    end
    print(row:format("globe", table.unpack(globe)))
    print ""
    figures.gap[name] = globe
  end
end

if o.redraws > 0 then
  local began = flux.seconds()
  local often, drawn = bridges[1].bridge:only { o.region }:robustness { runs = o.redraws, seed = o.seed }
  often:save(folder .. "/selection_frequency.nc")
  figures.redraw_seconds = flux.seconds() - began
  print(drawn)
  print(string.format("%d redraws of %s in %.1f s, map in %s/selection_frequency.nc", o.redraws, o.region, figures.redraw_seconds, folder))
end
if o.json ~= "" then flux.json.write(o.json, figures) end
