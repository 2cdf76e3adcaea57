-- How long does the network take over 50 million samples in a file?
--
-- Each pass maps the file anew, applies 10 → 32 → 32 → 1 to every row and fills a tensor that is already resident:
-- 137.6 GFLOP, 2.2 GB.
--
-- Use:  fluxbridge Scripts/benchmarks/forward_global.lua --dump DIR --data drivers-50000000.f32 [--threads N] [--json FILE]

local bench = require "benchmark" ("forward_global", { data = "" })
local network = require "peer_network"
local million, flop = 1000000, 2752

local m = network.model(bench)
bench:check("first million", m(bench:array "x_first_million"), "ref_y_first_million_float64", 1e-5, "absolute")

local path = bench.options.data
local file <close> = assert(io.open(path, "rb"))
local samples = file:seek("end") // 40
local nee = tensor.zeros(samples)
local function pass()
  m(tensor.raw(path, { samples, 10 }, { map = true }), { into = nee })
end

pass()
bench:check("first million of the file", nee[{ { 1, million } }], "ref_y_first_million_float64", 1e-5, "absolute")
local result = bench:time(pass, { warmup = 1, samples = 5 })
result.gflops = flop * samples / result.median_s / 1e9
result.checksum = nee:double():sum():item()
bench:report(result, { samples = samples, drivers = 10, flop = flop * samples })
