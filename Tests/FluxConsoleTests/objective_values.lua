-- Values of Scripts/objectives in a training step, beside plain loops over the same numbers.
--
-- Use:  fluxbridge objective_values.lua EARTH   prints one line for each objective: name, value, value by loops
local earth = require "synthetic_earth" { path = arg[1], resolution = 6, years = 3, quiet = true }
local d, target = earth.drivers, earth.target
local b = bridge.regional { reference = earth.reference, regions = earth.regions, drivers = d, candidates = 40, clusters = 4 }

local function each(observed, f) -- every value that is not missing
  for a, member in ipairs(observed) do
    for r, months in ipairs(member) do
      for m, value in ipairs(months) do if value == value then f(a, r, m, value) end end
    end
  end
end

local function range(months)
  local low, high = math.huge, -math.huge
  for _, v in ipairs(months) do low, high = math.min(low, v), math.max(high, v) end
  return high - low
end

local function total(months)
  local sum = 0
  for _, v in ipairs(months) do sum = sum + v end
  return sum -- NaN when a month is missing
end

local loops = {}

function loops.huber(predicted, observed)
  local sum, count = 0, 0
  each(observed, function(_, r, m, value)
    local u = math.abs(value - predicted[r][m])
    sum, count = sum + (u <= 0.05 and 0.5 * u * u or 0.05 * (u - 0.025)), count + 1
  end)
  return sum / count
end

function loops.global_annual(predicted, observed)
  local sum, count, mine = 0, 0, 0
  for _, months in ipairs(predicted) do mine = mine + total(months) end
  for _, member in ipairs(observed) do
    local theirs = 0
    for _, months in ipairs(member) do theirs = theirs + total(months) end
    if theirs == theirs then sum, count = sum + (theirs - mine) ^ 2, count + 1 end
  end
  return sum / count
end

function loops.seasonal_amplitude(predicted, observed)
  local sum = 0
  for r, months in ipairs(predicted) do
    local squares, count = 0, 0
    for _, member in ipairs(observed) do
      if total(member[r]) == total(member[r]) then squares, count = squares + (range(member[r]) - range(months)) ^ 2, count + 1 end
    end
    if count > 0 then sum = sum + 0.5 * squares / count end
  end
  return sum
end

function loops.trend(_, _, step)
  local years, sum, count, mean, squares = step.years, 0, 0, 0, 0
  for _, year in ipairs(years) do mean = mean + year / #years end
  for _, year in ipairs(years) do squares = squares + (year - mean) ^ 2 end
  local predicted, observed = {}, {}
  for i, year in ipairs(years) do
    predicted[i] = step:predict(b, { year = year }):totable()
    observed[i] = step:target(target, { year = year }):totable()
  end
  for a = 1, #observed[1] do
    for r = 1, #predicted[1] do
      local difference = 0
      for i, year in ipairs(years) do
        difference = difference + (year - mean) / squares * (total(observed[i][a][r]) - total(predicted[i][r]))
      end
      if difference == difference then sum, count = sum + difference ^ 2, count + 1 end
    end
  end
  return sum / count
end

function loops.humid_tropics(_, _, step)
  local site, lat, igbp, weight, sum, weights = step.site, step.lat:totable(), step.igbp, step.weight:totable(), 0, 0
  local mine = step.model(step.drivers):totable()
  local observed = objective_towers(step)
  for i = 1, #site do
    local w = weight[i] * (igbp[i] == "EBF" and math.abs(lat[i]) <= 23.5 and 0.2 or 1)
    sum, weights = sum + w * (mine[i] - observed[i]) ^ 2, weights + w
  end
  return sum / weights
end

-- A term without bridge and target sees the towers; one with them, the atmosphere.
local towers_observed
local watch = objective.term("watch", { towers = true }, function(step)
  towers_observed = step.observed:totable()
  return step.observed:sum() * 0
end)
function objective_towers(step)
  watch(step)
  return towers_observed
end

local terms, printed = {}, {}
for _, name in ipairs { "huber", "global_annual", "trend", "seasonal_amplitude" } do terms[name] = require("objectives." .. name)(b, target) end
terms.humid_tropics = require "objectives.humid_tropics" ()
local compare = objective.term("compare", { bridge = b, target = target }, function(step)
  for name, term in pairs(terms) do
    if not printed[name] then
      printed[name] = true
      print(string.format("%s %.9g %.9g", name, term(step):item(), loops[name](step.predicted:totable(), step.observed:totable(), step)))
    end
  end
  return step.predicted:square():sum()
end)
trainer.single {
  model = model.mlp { inputs = d.names, hidden = { 4 } }, towers = earth.towers:attach(d), drivers = d, folds = 2, epochs = 1, max_steps = 1,
  holdout_years = 0, terms = { compare = compare },
}:train()
