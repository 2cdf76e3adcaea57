-- Tutorial, 1 of 7: tensors. Run it:  fluxbridge Scripts/tutorial/01_tensors.lua
-- or type its lines into the console. The text after an arrow is what a line prints.

-- A tensor is an array of numbers, made from nested lists. It knows its shape and its type.
local x = tensor { { 1, 2, 3 }, { 4, 5, 6 } }
print(x.rank, x.shape[1], x.shape[2], x.dtype) --> 2  2  3  float32

-- Indices count from 1, as everywhere in Lua, and from -1 at the end. {a, b} is a range with both ends, {} is all.
print(x[{ 1, 3 }]) --> 3.0
print(x[{ 2, -1 }]) --> 6.0
print(x[{ {}, { 1, 2 } }]:sum():item()) --> 12.0

-- Arithmetic works elementwise. A shorter tensor is stretched over a longer one ("broadcasting"): the mean of each
-- column is taken off its column here. Methods are called with a colon.
local anomaly = x - x:mean(1)
print(anomaly[{ 1, 1 }], anomaly[{ 2, 1 }]) --> -1.5  1.5

-- Dimensions can have names, and a name can stand wherever a number can: no more guessing which axis was time.
local flux = tensor { { 0.1, 0.2, 0.3 }, { -0.5, -0.7, -0.3 } }:named { "region", "month" }
print(flux:sum("month"):totable()[2]) --> -1.5
print(flux:mean("region").names[1]) --> month

-- Real data have gaps. A missing value is NaN; the functions that begin with `nan` skip it.
local gappy = tensor { 1, 0 / 0, 3 }
print(gappy:nanmean():item()) --> 2.0
print(gappy:isnan():totable()[2]) --> 1.0

-- Comparisons give 0 and 1, so a condition is a factor: the sum of what is positive.
print((flux * flux:gt(0)):sum():item() > 0.59) --> true

-- Random numbers are reproducible, on every machine.
tensor.seed(1)
local a = tensor.randn { 1000 }
tensor.seed(1)
print((a - tensor.randn { 1000 }):abs():sum():item()) --> 0.0

-- Lost? help() lists the modules, help(tensor) one of them, help "Tensor:mean" a function, with an example.
-- Next: 02_gradients.lua
