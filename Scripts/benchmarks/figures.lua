-- How long do the paper's figures take to draw? Each of fourteen, saved as PNG, from a small run on the synthetic Earth.
--
-- Use:  fluxbridge Scripts/benchmarks/figures.lua [--archive FOLDER] [--resolution 2] [--years 8] [--into FOLDER] [--json FILE]
--
-- What is timed is drawing and writing (GMT, ghostscript); the run, its maps and totals are made before. --into keeps the files.
local o = require "options" { archive = "", resolution = 2, years = 8, seed = 1, into = "", json = "" }
local folder = o.archive ~= "" and o.archive or string.format("twin/%gdeg-%dyears-seed%d", o.resolution, o.years, o.seed)
local earth = require "synthetic_earth" { path = folder, resolution = o.resolution, years = o.years, seed = o.seed, quiet = true }
local d, r, target = earth.drivers, earth.regions, earth.target
local days = earth.towers:attach(d)
local pft = cube.open(folder .. "/drivers/pft.nc", "pft")
local b = bridge.regional { reference = earth.reference, regions = r, drivers = d, candidates = 100, probes = 8, seed = o.seed }
local result = trainer.paired {
  model = model.mlp { inputs = d.names }, towers = days, drivers = d, folds = 2, epochs = 5, seed = o.seed, holdout_years = 1,
  terms = { ec = objective.mse(), atm = objective.regional { bridge = b, target = target } }, weighting = objective.kendall(), optimizer = optim.adam { lr = 0.02 },
}:train()
local totals = { ec = result.ec:integral(d, r), ec_atm = result.ec_atm:integral(d, r), inversions = target }
local maps = { ec = result.ec:forward(d):mean("member"), ec_atm = result.ec_atm:forward(d):mean("member") }
local truth = earth.truth.nee:monthly()
local at_towers = { ec = result:at_towers "ec", ec_atm = result:at_towers "ec_atm" }
local often = b:only { "BRA", "EU" }:robustness { runs = 5 }
local sites = earth.towers:sites()
table.sort(sites, function(x, y) return math.abs(x.lat) < math.abs(y.lat) end)
local runs = { ec = totals.ec, ec_atm = totals.ec_atm }

local figures = {
  { "2", function() return figure.annual { runs = totals } end },
  { "3", function() return figure.cycle { runs = totals, region = { "BRA", "EU", "globe" } } end },
  { "4", function() return figure.efficiency { runs = runs, reference = target } end },
  { "5", function() return figure.annual_maps { runs = { ec = maps.ec, ec_atm = maps.ec_atm, truth = truth } } end },
  { "6", function() return figure.monthly_maps { runs = maps, order = { "ec_atm", "ec" } } end },
  { "7", function() return figure.correlation_maps { runs = maps, reference = truth, order = { "ec_atm", "ec" } } end },
  { "8", function() return figure.towers { runs = at_towers, towers = days } end },
  { "9", function() return figure.sites { runs = at_towers, towers = days, sites = { sites[1].id, sites[2].id } } end },
  { "A1", function() return figure.regions(r) end },
  { "B2", function() return figure.selection(often) end },
  { "B3", function() return figure.plant_types(b, pft) end },
  { "B4", function() return figure.regional_plant_types(b, pft) end },
  { "C1", function() return figure.cycle { runs = totals } end },
  { "C2", function() return figure.tower_classes { runs = at_towers, towers = days } end },
}
local into = o.into ~= "" and o.into or os.tmpname()
if o.into == "" then os.remove(into) end
os.execute("mkdir -p '" .. into:gsub("'", "'\\''") .. "'")
local all, seconds, bytes = 0, {}, {}
print "figure  seconds   kB"
for _, f in ipairs(figures) do
  local began = flux.seconds()
  local path = into .. "/figure_" .. f[1] .. ".png"
  f[2]():save(path)
  seconds[f[1]] = flux.seconds() - began
  all = all + seconds[f[1]]
  local file = assert(io.open(path, "rb"))
  bytes[f[1]] = file:seek "end"
  file:close()
  print(string.format("%-6s %8.2f %5.0f", f[1], seconds[f[1]], bytes[f[1]] / 1000))
end
print(string.format("%d figures: %.1f s", #figures, all))
if o.into == "" then os.execute("rm -r '" .. into .. "'") end
if o.json ~= "" then flux.json.write(o.json, { seconds = seconds, bytes = bytes, total = all, count = #figures }) end
