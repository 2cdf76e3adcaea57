-- What can a network say of NEE at sites that it has never seen? Site cross-validation on real FLUXNET files.
--
--   NEE = f(ω, x),  x from the tower files and the site table alone: temperature, shortwave, VPD, potential
--   radiation, causal means of each, warmth and frost of the past weeks, the class. Never GPP, never means of NEE.
--
-- Use:  fluxbridge Scripts/real_towers.lua FOLDER SITES.csv [--qc 0.75] [--exclude CRO] [--seeds 3] [--json FILE]
--       … --figures DIR draws scatter, classes and a map of the sites with their RMSE, and writes their tables (of the first fold seed)
--       … --save MODEL trains on all sites;  … --apply MODEL predicts a folder of sites never seen
local o, paths = require "options" {
  qc = "", exclude = "", seeds = 3, folds = 10, epochs = 8, members = 4, json = "", save = "", apply = "", figures = "",
}
if #paths ~= 2 then
  io.stderr:write("usage: fluxbridge Scripts/real_towers.lua FOLDER SITES.csv [--qc Q] [--exclude CLASS] [--json FILE]\n")
  os.exit(2)
end

local names = { "tair", "rg", "vpd", "rpot", "rpot_mean30", "rpot_mean90", "clearness", "clearness_mean7", "clearness_mean30",
  "warm_light", "warm_light_mean30", "warmth_mean30", "warmth_mean90", "frost_mean15", "frost_mean60" }
for _, name in ipairs { "tair", "rg", "vpd" } do
  for _, days in ipairs { 7, 30, 90 } do names[#names + 1] = name .. "_mean" .. days end
end
for _, class in ipairs { "ENF", "EBF", "DBF", "MF", "CSH", "OSH", "WSA", "SAV", "GRA", "WET", "CRO", "SNO" } do
  names[#names + 1] = "igbp_" .. class
end

local all = towers.open(paths[1], { sites = paths[2], qc = o.apply ~= "" and 0 or 0.75 })
if o.exclude ~= "" then all = all:except { igbp = o.exclude } end

-- One network a fold and member; sites count by the root of their length, epochs are fixed: nothing is chosen on the held-out sites.
local function train(x, folds, seed)
  return trainer.single {
    model = model.mlp { inputs = names, hidden = { 32, 32 } }, towers = x:by_site(0.5), folds = folds, terms = { ec = objective.mse() },
    optimizer = optim.adam { lr = 0.003, weight_decay = 1 }, batch = 4096, epochs = o.epochs, select = "last", seed = seed,
  }:train()
end

if o.apply ~= "" then
  local x, m = all:attach(names), model.load(o.apply)
  local nee = m(x.x)
  if nee.rank == 2 then nee = nee:mean("member") end
  print(metrics.sites { runs = { network = nee }, towers = x })
  return
end

-- What a reader looks at, of predictions out of fold; the tables also as CSV.
local function draw(folder, runs, x)
  os.execute("mkdir -p '" .. folder:gsub("'", "'\\''") .. "'")
  figure.towers { runs = runs, towers = x }:save(folder .. "/scatter.png")
  figure.tower_classes { runs = { network = runs.network }, towers = x }:save(folder .. "/classes.png")
  figure.tower_map { runs = { network = runs.network }, towers = x }:save(folder .. "/rmse_by_site.png")
  metrics.table_c2({ runs = runs, towers = x, draws = 1000 }):csv(folder .. "/by_class.csv")
  metrics.sites({ runs = runs, towers = x, by = "site" }):csv(folder .. "/by_site.csv")
  print(metrics.table_c2 { runs = runs, towers = x, draws = 1000 })
  print("Figures and tables of these real towers, out of fold: " .. folder)
end

local report = {}
for qc in (o.qc ~= "" and o.qc or "0.5 0.75 0.9"):gmatch "%S+" do
  local t = all:with_qc(tonumber(qc))
  local x = t:attach(names)
  local mean = { r2 = 0, rmse = 0, linear_r2 = 0, linear_rmse = 0 }
  for seed = 1, o.seeds do
    local folds = t:folds(o.folds, { seed = seed, group_km = 50 })
    local nee = 0
    for member = 1, o.members do nee = nee + train(x, folds, 100 * seed + member):at_towers("model") / o.members end
    local runs = { network = nee, linear = metrics.linear_fit(x, folds) }
    local result = metrics.cross_validation { runs = runs, towers = x, seed = seed }
    if seed == 1 then print(string.format("\nQC at least %s, fold seed %d", qc, seed)); print(result) end
    if seed == 1 and o.figures ~= "" and (qc == "0.75" or o.qc ~= "") then draw(o.figures, runs, x) end
    local s = result.scores
    print(string.format("QC %s, fold seed %d: R² %.3f, RMSE %.3f; linear fit R² %.3f, RMSE %.3f", qc, seed,
      s.network.all.r2, s.network.all.rmse, s.linear.all.r2, s.linear.all.rmse))
    for key, value in pairs { r2 = s.network.all.r2, rmse = s.network.all.rmse, linear_r2 = s.linear.all.r2, linear_rmse = s.linear.all.rmse } do
      mean[key] = mean[key] + value / o.seeds
    end
  end
  print(string.format("QC %s, mean of %d fold seeds: R² %.3f, RMSE %.3f gC m-2 d-1; linear fit %.3f, %.3f",
    qc, o.seeds, mean.r2, mean.rmse, mean.linear_r2, mean.linear_rmse))
  mean.qc = tonumber(qc)
  report[#report + 1] = mean
  if qc == "0.75" or not report.r2 then report.r2, report.rmse, report.linear_rmse = mean.r2, mean.rmse, mean.linear_rmse end
  if o.save ~= "" and (qc == "0.75" or o.qc ~= "") then train(x, t:folds(o.folds, { seed = 1 }), 1).model:save(o.save) end
end
if o.json ~= "" then
  flux.json.write(o.json, { r2 = report.r2, rmse = report.rmse, linear_rmse = report.linear_rmse, by_qc = { table.unpack(report) } })
end
