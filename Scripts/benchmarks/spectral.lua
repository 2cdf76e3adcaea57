-- How long does it take to group 2000 pixels by the eigenvectors of their affinity?
--
--   L = 1 - D^-½ W D^-½,  its 8 smallest eigenvectors,  k-means from 20 starts
--
-- The timing starts with W in memory. The peers make 10 starts of k-means.
--
-- Use:  fluxbridge Scripts/benchmarks/spectral.lua --dump DIR [--threads N] [--json FILE]

local bench = require "benchmark" "spectral"
local W, truth = bench:array "affinity", bench:array "labels_true"
local groups
local result = bench:time(function() groups = bridge.clusters(W, 8) end, { samples = 9 })

local wanted = bench:array "ref_top_eigenvalues"[{ { 1, 8 } }]
result.worst_eigenvalue = (1 - groups.eigenvalues[{ { 1, 8 } }] - wanted):abs():max():item()
assert(result.worst_eigenvalue <= 1e-8, "an eigenvalue is off by more than 1e-8")

--- The adjusted Rand index of two labelings (Hubert and Arabie 1985).
local function agreement(a, b)
  local function pairs_of(n) return n * (n - 1) / 2 end
  local rows, columns, cells = {}, {}, {}
  for i = 1, #a do
    local p, q = a[i], b[i]
    rows[p], columns[q] = (rows[p] or 0) + 1, (columns[q] or 0) + 1
    cells[p .. " " .. q] = (cells[p .. " " .. q] or 0) + 1
  end
  local function total(counts)
    local sum = 0
    for _, n in pairs(counts) do sum = sum + pairs_of(n) end
    return sum
  end
  local expected = total(rows) * total(columns) / pairs_of(#a)
  return (total(cells) - expected) / ((total(rows) + total(columns)) / 2 - expected)
end

result.ari = agreement(groups.labels:totable(), truth:totable())
print(("adjusted Rand index %.4f"):format(result.ari))
bench:report(result, { points = #truth, groups = 8 })
