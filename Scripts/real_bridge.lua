-- Do the bridge's parts hold on real data? A real climatology in 18 regions, and the seasonal cycles of real towers.
--
--   R = 1.5^((T - 15 °C) / 10)   respiration of a real temperature field, gC m⁻² d⁻¹: its regional totals from a few pixels
--
-- Prints the report of the 18 regions' sparse models (a flux that has nothing of ours in it), then groups real towers by the
-- shape of their mean seasonal cycle of NEE (dynamic time warping, spectral clusters), and lists each vegetation class by group.
--
-- Use:  fluxbridge Scripts/real_bridge.lua CLIMATOLOGY.nc VARIABLE TOWERS SITES.csv [--factor 0.1] [--groups N] [--save FILE]
local o, paths = require "options" { factor = 1, offset = 0, groups = 0, seed = 1, save = "" }
if #paths ~= 4 then
  io.stderr:write "usage: fluxbridge Scripts/real_bridge.lua CLIMATOLOGY.nc VARIABLE TOWERS SITES.csv [--factor F] [--groups N]\n"
  os.exit(2)
end

local field = cube.open(paths[1], paths[2])
local celsius = field:tensor() * o.factor + o.offset
local respiration = cube.new {
  (((celsius - 15) / 10) * math.log(1.5)):exp(), time = field.time, lat = field.lat, lon = field.lon, units = "gC m-2 d-1", name = "respiration",
}
local r = regions.reccap2(respiration.grid)
local began = flux.seconds()
local b = bridge.regional { reference = respiration, regions = r, candidates = 150, seed = o.seed }
print(b:report())
print(string.format("%d cells, %d times: %.1f s\n", respiration.shape[2] * respiration.shape[3], respiration.shape[1], flux.seconds() - began))
if o.save ~= "" then b:save(o.save) end

-- Towers with a kept day in every slot of the year.
local t = towers.open(paths[3], { sites = paths[4], qc = 0.75, quiet = true })
local cycles, sites, rows, classes = t:msc(), t:sites(), {}, {}
for i, site in ipairs(sites) do
  local cycle = cycles[i]
  local spread = cycle:std():item()
  if cycle:isnan():sum():item() == 0 and spread >= 0.1 then
    rows[#rows + 1], classes[#classes + 1] = (cycle - cycle:mean():item()) / spread, site.igbp or "none"
  end
end
print(string.format("%d of %d sites have a whole seasonal cycle that varies", #rows, #sites))
local distances = bridge.dtw(tensor.stack(rows, 1))
local groups = bridge.clusters(distances, o.groups > 0 and o.groups or nil, { distances = true, seed = o.seed })

local counts, names = {}, {}
for i, class in ipairs(classes) do
  if not counts[class] then counts[class], names[#names + 1] = {}, class end
  local k = groups.labels[i]
  counts[class][k] = (counts[class][k] or 0) + 1
end
table.sort(names)
local head = string.format("%-6s", "class")
for k = 1, groups.k do head = head .. string.format(" %6s", "group " .. k) end
print(head)
for _, class in ipairs(names) do
  local line = string.format("%-6s", class)
  for k = 1, groups.k do line = line .. string.format(" %7s", counts[class][k] or ".") end
  print(line)
end
