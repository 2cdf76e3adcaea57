-- How long do all distances between seasonal cycles take, under dynamic time warping?
--
--   D(i, j) = sqrt of the least sum of squared differences over monotone paths, float64, with and without a band
--
-- 2000 series of 46 composites and 500 of 365 days: what a large region's pixels are.
--
-- Use:  fluxbridge Scripts/benchmarks/dtw_matrix.lua --dump DIR [--threads N] [--json FILE]

local bench = require "benchmark" "dtw_matrix"
local tolerance = 1e-9 -- relative; both are exact in float64

--- The upper triangle row by row, as the references have it.
local function condensed(matrix)
  local n, rows = #matrix, {}
  for i = 1, n - 1 do rows[i] = matrix[{ i, { i + 1, n } }] end
  return tensor.cat(rows, 1)
end

local result, problem = { cases = {} }, {}
for _, size in ipairs { { "n2000_l46", 5 }, { "n500_l365", 37 } } do
  local name, radius = size[1], size[2]
  local series = bench:array(name .. "_series")
  for kind, window in pairs { full = "none", band = radius } do
    local case, distances = name .. "_" .. kind, nil
    local timed = bench:time(function() distances = bridge.dtw(series, { window = window }) end, { samples = 5 })
    bench:check(case, condensed(distances), "ref_" .. case, tolerance)
    result.cases[case] = timed
    print(("%-16s median %.4f s  min %.4f"):format(case, timed.median_s, timed.min_s))
    problem[case] = { series = series.shape[1], length = series.shape[2], window = window }
  end
end
for key, value in pairs(result.cases.n2000_l46_full) do result[key] = value end
bench:report(result, problem)
