-- What does one operation on the tape cost, Lua included?
--
--   u = a;  ten times:  u = u b,  u = u + a,  u = tanh u;   loss = Σ u,  and its gradient by a and b
--
-- Vectors of 1000 float32: the arithmetic is small, so what is measured is the overhead of 31 operations and their pullbacks.
--
-- Use:  fluxbridge Scripts/benchmarks/autodiff.lua --dump DIR [--threads N] [--json FILE]

local bench = require "benchmark" "autodiff"
local a, b = bench:array "a":requires_grad(), bench:array "b":requires_grad()
local tolerance = 1e-5 -- relative, for float32 against a reference in float64

local function forward()
  local u = a
  for _ = 1, 10 do
    u = u * b
    u = u + a
    u = u:tanh()
  end
  return u:sum()
end

local function step()
  a:zero_grad()
  b:zero_grad()
  local loss = forward()
  loss:backward()
  return loss
end

bench:check("loss", step(), "ref_loss", tolerance)
bench:check("gradient by a", a.grad, "ref_grad_a_float64", tolerance)
bench:check("gradient by b", b.grad, "ref_grad_b_float64", tolerance)

local result = bench:time(step, { warmup = 50, inner = 200, samples = 9 })
result.forward_median_s = bench:time(function() tensor.no_grad(forward) end, { warmup = 50, inner = 200, samples = 9 }).median_s
bench:report(result, { length = #a, ops = 30 })
