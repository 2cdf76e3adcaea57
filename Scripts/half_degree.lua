-- How large is the half-degree land surface, and how fast is it seen?
--
-- Writes the weather and composites of the synthetic Earth, builds the store of the ten drivers from the files, opens it,
-- and runs a network over every land pixel and day to the monthly totals of 18 regions. At 0.5° and 17 years that is a quarter of
-- an hour of two cores and 15 GB of disk, so it is no test: --resolution 10 --last 2002 tries the script.
--
-- Use:  fluxbridge Scripts/half_degree.lua [--folder DIR] [--resolution 0.5] [--first 2001] [--last 2017] [--json FILE] [--remove]
--
-- A stage whose files are there already is not made again; --remove takes them away at the end.
local o = require "options" ({ folder = "half_degree", resolution = 0.5, first = 2001, last = 2017, json = "", remove = false },
  { first = 1900, last = 1900 })

local figures = { resolution = o.resolution, years = o.last - o.first + 1, threads = flux.threads() }

--- Runs and prints a stage with its wall time.
---@param name string
---@param body function
---@return any  what the body gives
local function stage(name, body)
  local began = flux.seconds()
  local result = body()
  figures[name .. "_s"] = flux.seconds() - began
  figures[name .. "_peak_rss_mib"] = flux.peak_rss_mib()
  print(string.format("%-9s %8.1f s   peak memory %.0f MiB", name, figures[name .. "_s"], figures[name .. "_peak_rss_mib"]))
  return result
end

---@param path string
---@return number  bytes; 0 when the file is not there
local function size(path)
  local file <close> = io.open(path, "rb")
  return file and file:seek "end" or 0
end

local names = { "evi", "fapar", "ndvi", "ndwi", "band4", "lst_day", "lst_night", "rg", "tair", "precip" }
local function path(name) return o.folder .. "/drivers/" .. name .. ".nc" end
local store = o.folder .. "/drivers.nc"

-- The mosaic is written last: with it, all files are there.
if size(path "pft") == 0 then
  stage("twin", function() twin.drivers { path = o.folder, resolution = o.resolution, years = { o.first, o.last } } end)
end
figures.twin_gb = 0
for _, name in ipairs(names) do figures.twin_gb = figures.twin_gb + size(path(name)) / 1e9 end

if size(store) == 0 then
  stage("build", function()
    local base = { years = { o.first, o.last }, into = store }
    for _, name in ipairs(names) do base[name] = path(name) end
    drivers.build(base)
  end)
end
figures.store_gb = size(store) / 1e9

local d = stage("open", function() return drivers.open(store) end)
local m = model.mlp { inputs = d.names, seed = 1 }
local regional = stage("integral", function() return m:integral(d, regions.reccap2(d.grid)) end)
figures.samples = #d.lat * d.time.count
figures.ns_per_sample = figures.integral_s / figures.samples * 1e9
print(d)
print(regional)
print(string.format("twin %.2f GB, store %.2f GB on disk; %.1f million samples, %.1f ns each",
  figures.twin_gb, figures.store_gb, figures.samples / 1e6, figures.ns_per_sample))
if o.json ~= "" then flux.json.write(o.json, figures) end
if o.remove then
  for _, name in ipairs(names) do os.remove(path(name)) end
  os.remove(path "pft")
  os.remove(store)
end
