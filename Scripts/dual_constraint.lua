-- What does a second constraint buy? The paper's experiment on the built-in synthetic Earth.
--
--   NEE = f(ω, x)   trained on towers alone (EC), or on towers and regional totals (EC-ATM):
--   L = Σ ½ e^{-s} ℓ + ½ s,  ℓ_EC = mean (ŷ - y)²,  ℓ_ATM = Σ_r area_r mean_m ‖A - m̂‖₃ / (1 + range)
--
-- Use:  fluxbridge Scripts/dual_constraint.lua [--full] [--seed N] [--term scripted|huber|…] [--bridge exact]
--       [--optimizer gauss_newton] [--report FOLDER] [--totals FOLDER] …
-- Controls: --null is an Earth whose towers have no biases; --permute trains on totals that belong to other
-- regions, and must fail.
local experiment = require "experiment"
local o = experiment.options()
print(o.label)

-- The Earth: written once in the formats of the real one, then read as real files are.
local earth = require "synthetic_earth" {
  path = o.folder, resolution = o.resolution, years = o.years, seed = o.seed, bias = not o.null,
}
local d, r, target, days = earth.drivers, earth.regions, earth.target, earth.towers:attach(earth.drivers)

-- The bridge: from the flux of pixels to the total of each region.
local b = o.bridge == "exact" and bridge.exact { regions = r, drivers = d } or bridge.regional {
  reference = earth.reference, regions = r, drivers = d, candidates = 1000, r2 = 0.9995, probes = 48, seed = o.seed,
}
if o.bridge == "sparse" then print(b:report()) end

-- The terms: what towers saw, and what the atmosphere says of each region.
local taught = o.permute and experiment.permuted(target, r, o.seed) or target
local atm = o.term and o.term(b, taught) or objective.regional { bridge = b, target = taught }

-- EC and EC-ATM, from equal weights on equal batches.
local result = trainer.paired {
  model = model.mlp { inputs = d.names }, towers = days, drivers = d, folds = o.folds, epochs = o.epochs, seed = o.seed,
  terms = { ec = objective.mse(), atm = atm }, weighting = objective.kendall(),
  optimizer = optim[o.optimizer] { lr = 0.02 }, schedule = optim.cosine(),
  checkpoint = o.checkpoint, checkpoint_every = o.checkpoint_every,
}:train()
if not result.complete then os.exit(130) end -- Ctrl-C: --checkpoint has kept what is done

-- The verdict: both, EC with one constant a region and month, the inversions, and what the Earth hides.
local runs = { ec = result.ec:forward(d):mean "member", ec_atm = result.ec_atm:forward(d):mean "member" }
runs.ec_offset = metrics.fitted_offset { run = runs.ec, target = target, regions = r }
runs.inversions, runs.truth = earth.inversions:map(r), earth.truth.nee:monthly "mean"
experiment.keep(experiment.judge(runs, earth, result, days), result, earth, o)
