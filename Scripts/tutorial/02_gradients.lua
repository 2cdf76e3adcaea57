-- Tutorial, 2 of 7: gradients. Training is going downhill, and the tape tells where down is.

-- requires_grad() marks a leaf: what is computed from it is recorded. backward() plays the record from the end to the
-- start and leaves d(loss)/d(leaf) in the leaf's `grad`.
local x = tensor { 1, 2, 3 }:requires_grad()
local loss = (x ^ 2):sum()
loss:backward()
print(x.grad[1], x.grad[2], x.grad[3]) --> 2.0  4.0  6.0

-- tensor.grad does it for a function: value first, then one gradient for each argument.
local value, slope = tensor.grad(function(u) return u:sin():sum() end, tensor { 0 })
print(value:item(), slope:item()) --> 0.0  1.0

-- A missing observation must not pull: its gradient is exactly zero, whatever stands around it.
local observed, predicted = tensor { 1, 0 / 0, 4 }, tensor { 2, 2, 2 }:requires_grad()
local misfit = (observed - predicted):abs() ^ 3
misfit:nansum():backward()
print(predicted.grad[1], predicted.grad[2] == 0, predicted.grad[3]) --> 3.0  true  -12.0

-- A first model, by hand: respiration that doubles with every ten degrees, R = r · 2^(T/10), measured with noise.
-- Which r made these data?
tensor.seed(7)
local temperature = tensor.linspace(-5, 30, 200)
local q = (temperature * (math.log(2) / 10)):exp()
local measured = 1.7 * q + 0.3 * tensor.randn { 200 }

local r = tensor { 1 }:requires_grad()
for _ = 1, 50 do
  local error = (r * q - measured):square():mean()
  error:backward()
  tensor.no_grad(function() r[1] = r[1] - 0.05 * r.grad[1] end) -- a step downhill, not recorded
  r:zero_grad()
end
print(string.format("r = %.1f", r:detach()[1])) --> r = 1.7

-- That is all there is to training; a trainer adds batches, folds, a better step (Adam) and patience.
-- Next: 03_earth.lua
