-- What the experiment on the synthetic Earth needs beside its science: its options, the control with permuted regions,
-- what is printed, and what is kept.
--
-- Use:  local experiment = require "experiment"
--       local o = experiment.options()      -- of the command line, with o.folder, o.label and o.term
--       local figures = experiment.judge(runs, earth, result, days)
--       experiment.keep(figures, result, earth, o)

local scores = require "twin_scores"
local experiment, began = {}, os.time()

-- Name, default, and what else is asked of it: a least whole number, or one of some words.
local allowed = {
  { "full", false },                                     -- the setting that is judged; without it, a quick look
  { "seed", 1, 0 },                                      -- of the Earth, the bridge, the folds and the first weights
  { "resolution", 2 }, { "years", 8, 2 },                -- of the Earth: degrees, and years from 2001 on
  { "null", false }, { "archive", "" },                  -- an Earth without biases; the folder it is read from
  { "term", "builtin" },                                 -- the regional term: a file of Scripts/objectives
  { "bridge", "sparse", { "sparse", "exact" } },
  { "permute", false },                                  -- totals that belong to other regions
  { "optimizer", "adam", { "adam", "gauss_newton" } },
  { "folds", 0, 0 }, { "epochs", 0, 0 },                 -- 0: those of the setting
  { "checkpoint", "" }, { "checkpoint_every", 30 },      -- a file to go on from, written every so many seconds
  { "report", "" }, { "totals", "" }, { "json", "" },    -- where results go: two folders and a file
}

--- The options of the command line, with what follows from them: the folder of the Earth, the label of the run, and the
--- function behind `term` (nil for the built-in one).
---@return table
function experiment.options()
  local defaults, rules = {}, {}
  for _, option in ipairs(allowed) do defaults[option[1]], rules[option[1]] = option[2], option[3] end
  local o = require "options" (defaults, rules)
  if o.folds == 0 then o.folds = o.full and 5 or 2 end
  if o.epochs == 0 then o.epochs = o.full and 120 or 25 end
  if o.checkpoint == "" then o.checkpoint = nil end
  o.folder = o.archive
  if o.folder == "" then
    o.folder = string.format("twin/%gdeg-%dyears-seed%d%s", o.resolution, o.years, o.seed, o.null and "-null" or "")
  end
  o.label = string.format("%s run: %d folds, %d epochs, seed %d, twin of %g° and %d years%s%s",
    o.full and "Full" or "Small (not --full)", o.folds, o.epochs, o.seed, o.resolution, o.years,
    o.null and ", null: no biases at the towers" or "", o.permute and ", permuted region labels" or "")
  local file = o.term == "scripted" and "regional_norm" or o.term
  o.term = file ~= "builtin" and require("objectives." .. file) or nil
  return o
end

--- The control: every region is given the totals of another, drawn by the seed. Sattolo's cycle leaves none in its
--- place.
---@param target Series    regional months
---@param regions Regions
---@param seed integer
---@return Series          the same totals under other labels
function experiment.permuted(target, regions, seed)
  local codes = { table.unpack(regions.codes) }
  math.randomseed(seed)
  for i = #codes, 2, -1 do
    local k = math.random(i - 1)
    codes[i], codes[k] = codes[k], codes[i]
  end
  print("totals of " .. table.concat(codes, " ") .. "\nin place of " .. table.concat(regions.codes, " "))
  return target:only(codes):relabel(regions.codes)
end

--- Judges the runs by the inversions and by what the Earth hides, and prints the tables.
---@param runs table       name → monthly Cube; `truth` and `inversions` among them
---@param earth table      of synthetic_earth
---@param result Result    of the paired training
---@param days SiteDays    the towers' samples
---@return table figures   name → figure, and the regional scores
function experiment.judge(runs, earth, result, days)
  local regions, target = earth.regions, earth.target
  local figures, tables = scores.of(runs, {
    truth = { cube = runs.truth, series = runs.truth:integral(regions) },
    inversions = { cube = runs.inversions, series = target:mean("member") },
  }, regions)
  for _, name in ipairs { "ec", "ec_atm" } do
    local own, all = result:at_towers(name), result:at_towers(name, { out_of_fold = false })
    figures[name].tower_rmse_oof = metrics.rmse(own, days.nee)
    figures[name].tower_rmse_all = metrics.rmse(all, days.nee)
    figures[name].tower_truth_rmse = metrics.rmse(own, earth.truth:at(days))
  end
  print "\nAgainst the inversion mean"
  print(tables.inversions)
  print "\nAgainst the hidden truth"
  print(tables.truth)
  print "\nAgainst the hidden truth, pixel by pixel"
  print(tables.truth_pixels)
  figures.regional = { inversions = tables.inversions.scores, truth = tables.truth.scores }
  return figures
end

--- Prints the verdict, and writes what the options ask for.
---@param figures table    of experiment.judge
---@param result Result
---@param earth table
---@param o table          of experiment.options
function experiment.keep(figures, result, earth, o)
  print("\n" .. o.label)
  figures.criteria, figures.weights_converged = scores.criteria(figures), result.weights_converged
  scores.print(figures.criteria)
  figures.seconds, figures.peak_rss_mib = os.time() - began, flux.peak_rss_mib()
  print(string.format("\nweights converged: %s; %d s; peak memory %.0f MiB", figures.weights_converged, figures.seconds,
    figures.peak_rss_mib))
  if o.totals ~= "" then
    os.execute("mkdir -p '" .. o.totals:gsub("'", "'\\''") .. "'")
    for _, name in ipairs { "ec", "ec_atm" } do
      result[name]:integral(earth.drivers, earth.regions):save(o.totals .. "/" .. name .. ".nc")
    end
  end
  if o.json ~= "" then flux.json.write(o.json, figures) end
  -- At the end: it is an error where figures cannot be drawn.
  if o.report ~= "" then
    local pft = cube.open(earth.path .. "/drivers/pft.nc", "pft")
    print(result:report(o.report, { title = o.label, truth = earth.truth, pft = pft }))
  end
end

return experiment
