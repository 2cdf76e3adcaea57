-- Tutorial, 5 of 7: a model of the towers alone, carried to the globe.
local folder = arg and arg[1] or "tutorial-earth"
local earth = require "synthetic_earth" { path = folder, resolution = 6, years = 3, quiet = true }
local d, r = earth.drivers, earth.regions

-- NEE = f(ω, x): ten drivers, two hidden layers, one flux. 1441 weights.
local m = model.mlp { inputs = d.names, hidden = { 32, 32 }, seed = 1 }
print(m)

-- One term in the objective, the mean squared error at the towers. Each fold's model never sees the sites of its fold.
local days = earth.towers:attach(d)
local run = trainer.single {
  model = m, towers = days, drivers = d, terms = { ec = objective.mse() },
  folds = 2, epochs = 10, seed = 1, on_epoch = function(e)
    if e.epoch % 5 == 0 then print(string.format("  fold %d, epoch %2d: %.2f at its towers, %.2f at the others", e.fold, e.epoch, e.train.ec, e.valid.ec)) end
  end,
}
local result = run:train()

-- At towers that no member has seen, it does well enough …
local out_of_fold = metrics.rmse(result:at_towers("model"), days.nee)
print(string.format("RMSE at unseen towers: %.2f gC m-2 d-1", out_of_fold))
assert(out_of_fold < 4)

-- … so carry it to every pixel and every day, and add up. The truth is a sink of some three PgC a year.
local global = result.model:integral(d, r):mean("member"):total():annual()
local truth = earth.truth.nee:integral(r):total():annual()
print(string.format("global NEE, PgC per year: %.1f by the towers, %.1f in truth", global.values:mean():item(), truth.values:mean():item()))
assert(global.values:mean():item() < truth.values:mean():item() - 3, "the towers' bias should show")

-- The towers of humid forests miss respiration on calm nights, and nothing in the towers says so. Something else must.
-- Next: 06_second_constraint.lua
