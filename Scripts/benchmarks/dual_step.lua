-- What does one step under two constraints cost: a batch of towers, and a year of 18 regions?
--
--   D[r, d] = Σ_s Θ[r, s] f(ω, x[r, s, d]) + b[r],   M[r, m] = mean of D over the days of month m
--   L_atm = Σ_r area[r] mean_m (mean_a |M - I|³)^{1/3} / (1 + range),   L_ec = mean (f(ω, x) - y)²
--   L = Σ ½ e^{-v} ℓ + ½ v  over both,  and one step of Adam on the network and v
--
-- 657,000 pixel-days and 10,000 tower days: 5.08 GFLOP a step, counted without recomputation.
--
-- Use:  fluxbridge Scripts/benchmarks/dual_step.lua --dump DIR [--threads N] [--json FILE]

local bench = require "benchmark" "dual_step"
local network = require "peer_network"
local flop = 667000 * 7616

local m = network.model(bench)
local x, y = bench:array "ec_x", bench:array "ec_y"
local days = bench:array "month_days"
local regional = bridge.linear {
  drivers = bench:array "atm_x", weights = bench:array "theta", intercepts = bench:array "b", months = days:totable(),
}
local inversions, area, range = bench:array "inv", bench:array "area", bench:array "range"
local weight = area:unsqueeze(2) / (1 + range) / #days
local v = tensor.zeros(2):requires_grad()
local parameters = m:parameters()
parameters[#parameters + 1] = v
local adam = optim.adam { lr = 0.003 }:over(parameters)

local function losses()
  local months = regional:predict(m) / days
  local atm = ((inversions - months):abs():pow(3):mean(1):pow(1 / 3) * weight):sum()
  local ec = m:mse(x, y)
  local total = (0.5 * (-v):exp() * tensor.stack({ ec, atm }, 1) + 0.5 * v):sum()
  return total, ec, atm, months
end

local function step()
  local total = losses()
  total:backward()
  adam:step()
  return total
end

local total, ec, atm, months = losses()
bench:check("months", months, "ref_monthly0", 1e-5, "largest")
bench:check("terms", tensor.stack({ ec, atm, total }, 1), "ref_terms0", 1e-5)
total:backward()
network.check_gradients(bench, m, 1e-4)
bench:check("gradient by v", v.grad, "ref_grad0_logvar", 1e-4, "largest")
adam:step()
for _ = 1, 9 do step() end
bench:check("loss of step 10", step(), bench:array("ref_losses_float64")[{ { 11, 11 } }], 1e-4)
total, ec, atm, months = nil, nil, nil, nil

local result = bench:time(step, { warmup = 4, inner = 1, samples = 25 })
result.gflops = flop / result.median_s / 1e9
bench:report(result, { ec_batch = #x, atm_samples = 657000, flop = flop })
