-- What does one training step on a batch of towers cost?
--
--   L = mean (f(ω, x) - y)²,   its gradient by all 1441 weights,   one step of Adam
--
-- x [10000, 10], the network 10 → 32 → 32 → 1: 7616 flop a sample, 76.2 MFLOP a step.
--
-- Use:  fluxbridge Scripts/benchmarks/ec_step.lua --dump DIR [--threads N] [--json FILE]

local bench = require "benchmark" "ec_step"
local network = require "peer_network"
local x, y = bench:array "x", bench:array "y"
local flop = 76.16e6

local m = network.model(bench)
local adam = optim.adam { lr = 0.003 }:over(m:parameters())

local function step()
  local loss = m:mse(x, y)
  loss:backward()
  adam:step()
  return loss
end

local first = m:mse(x, y)
bench:check("loss of step 0", first, bench:array("ref_losses_float64")[{ { 1, 1 } }], 1e-6)
first:backward()
network.check_gradients(bench, m, 1e-5)
adam:step()
for i, name in ipairs(network.names) do bench:check("after one step " .. name, m:parameters()[i], "ref_step1_" .. name, 1e-5, "largest") end
for _ = 2, 100 do step() end
bench:check("loss of step 100", step(), bench:array("ref_losses_float64")[{ { 101, 101 } }], 1e-4)

local result = bench:time(step, { warmup = 60, inner = 50, samples = 15 })
result.gflops = flop / result.median_s / 1e9
bench:report(result, { batch = 10000, layers = { 10, 32, 32, 1 }, flop = flop })
