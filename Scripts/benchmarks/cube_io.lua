-- How fast is a deflated netCDF-4 cube read, summed over regions, averaged into a mean seasonal cycle?
--
--   a_read     nee[730, 360, 720] into memory, missing cells as NaN
--   b_regions  Σ nee × cell area over 18 regions, [730, 18], in bounded memory
--   c_cycle    mean of each day of the year over the two years, [365, 360, 720]
--
-- Use:  fluxbridge Scripts/benchmarks/cube_io.lua --dump DIR [--threads N] [--json FILE]

local bench = require "benchmark" "cube_io"
local path = bench.options.dump .. "/cube.nc"
local function open() return cube.open(path, "nee") end

-- The dump's region numbers, through a file, as a user has them.
local mask = os.tmpname()
local whole = open()
cube.new { bench:array "region":float(), lat = whole.lat, lon = whole.lon, name = "region" }:save(mask)
local areas = regions.open(mask, "region")
os.remove(mask)

local function b_regions() return open():integral(areas, { unit = "gC d-1" }) end
local function c_cycle() return open():msc { by = "day" } end
local function a_read() return open():tensor() end

-- b first: the peak of memory is that of the process.
local tasks = { b_regions = bench:time(b_regions, { samples = 5 }) }
do
  local series = b_regions()
  local found = series.values:double():t() * 1e-12 -- the dump's areas are in 10¹² m² (and of a sphere of 6371 km)
  -- Regions without land have no column here, and zeros there.
  local sums = tensor.zeros({ found.shape[1], 18 }, { dtype = "float64" })
  for i, name in ipairs(series.regions) do sums[{ {}, { tonumber(name), tonumber(name) } }] = found[{ {}, { i, i } }] end
  bench:check("regional sums", sums, "ref_regional_sums", 1e-5, "largest")
end
tasks.c_cycle = bench:time(c_cycle, { samples = 5 })
local keep
tasks.a_read = bench:time(function()
  if keep then keep:free() end
  keep = a_read()
end, { samples = 5 })
local checksum = keep:double():nansum():item()
keep:free()
do
  local cycle = c_cycle():tensor()
  bench:check("mean cycle", tensor.full(cycle.shape, bench.manifest.missing):where(cycle:isnan(), cycle), "ref_mean_cycle", 1e-6, "absolute")
end

for task, result in pairs(tasks) do
  print(("%-9s  median %.3f s  min %.3f  max %.3f  peak %.0f MiB"):format(task, result.median_s, result.min_s, result.max_s, result.rss_peak_mib))
end
local result = { tasks = tasks, checksum = checksum }
for key, value in pairs(tasks.a_read) do result[key] = value end
bench:report(result, { shape = whole.shape, regions = #areas.names })
