-- Tutorial, 7 of 7: an idea of your own in the objective.
--
-- The idea: towers of the humid tropics are biased, and by how much differs from site to site. Trust them less, and let
-- an outlying inversion pull no harder than others. Two terms, no Swift.
local folder = arg and arg[1] or "tutorial-earth"
local earth = require "synthetic_earth" { path = folder, resolution = 6, years = 3, quiet = true }
local d, r, target = earth.drivers, earth.regions, earth.target
local b = bridge.regional { reference = earth.reference, regions = r, drivers = d, candidates = 200, seed = 1 }

-- A term is a function of the step that returns one number on the tape. The step knows what the model predicts and what
-- was observed, and who the samples are: site, igbp, lat, date.
local careful = objective.term("careful", { towers = true }, function(step)
  local weight = 1 - 0.8 * step:mask { igbp = "EBF", lat = { -23.5, 23.5 } }
  return (weight * (step.predicted - step.observed):square()):sum() / weight:sum()
end)

-- With a bridge and a target, `predicted` and `observed` are theirs: [region, month] and [member, region, month]. The
-- half million forward passes behind `predicted` are one operation; your five lines cost nothing beside it.
local huber = objective.term("huber", { bridge = b, target = target }, function(step)
  local misfit = (step.observed - step.predicted):abs()
  local near = misfit:clamp(0, 0.05)
  return (near * (misfit - 0.5 * near)):nanmean()
end)

local days = earth.towers:attach(d)
local function train(terms)
  local result = trainer.single {
    model = model.mlp { inputs = d.names }, towers = days, drivers = d, folds = 2, epochs = 10, seed = 1, holdout_years = 0,
    terms = terms, weighting = objective.kendall(),
  }:train()
  return result.model:forward(d):mean("member")
end
local runs = {
  paper = train { ec = objective.mse(), atm = objective.regional { bridge = b, target = target } },
  mine = train { ec = careful, atm = huber },
}

-- Pixel by pixel against the truth. Is yours better? Change it and run again: that is the work.
local judged = metrics.pixels { runs = runs, reference = earth.truth.nee:monthly("mean"), regions = r }
print(judged)
for name, score in pairs(judged.scores) do assert(score.globe.rmse > 0 and score.globe.rmse < 5, name) end

-- To keep a term, put it into a file that returns it, as those of Scripts/objectives do; then
--   fluxbridge Scripts/compare_objectives.lua NAME
-- trains it beside the others on a larger Earth. On your own data: Scripts/dual_constraint.lua shows how all fits together.
