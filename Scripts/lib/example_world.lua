-- The names that the examples of help and reference speak of, on a small synthetic Earth in the folder `example`.
--
-- Use:  require "example_world"   in the console: the names become globals
--
--   d drivers, r regions, t towers, days their samples, inv inversions, T their regional months, c a cube of NEE,
--   pft the plants of its cells, b a bridge, m an untrained model, result a (barely) trained pair, truth what the Earth hides
local earth = require "synthetic_earth" { path = "example", resolution = 6, years = 3, quiet = true }
local world = {
  d = earth.drivers, r = earth.regions, t = earth.towers, inv = earth.inversions, T = earth.target, c = earth.reference,
  truth = earth.truth, days = earth.towers:attach(earth.drivers), m = model.mlp { inputs = earth.drivers.names, seed = 1 },
}
world.pft = cube.open("example/drivers/pft.nc", "pft")
world.b = bridge.regional { reference = world.c, regions = world.r, drivers = world.d, candidates = 60, clusters = 6 }
world.result = trainer.paired {
  model = world.m, towers = world.days, drivers = world.d, folds = 2, epochs = 1, max_steps = 2, holdout_years = 1,
  terms = { ec = objective.mse(), atm = objective.regional { bridge = world.b, target = world.T } },
}:train()
for name, value in pairs(world) do _G[name] = value end
return world
