-- Tutorial, 3 of 7: a synthetic Earth, and gridded data.
--
-- Nobody knows the true carbon flux of the land, so nobody can say which method finds it. Fluxbridge makes an Earth of
-- which all is known, and writes it in the formats of the real files: weather, satellite composites, towers,
-- inversions, fires. What the towers and the inversions get wrong in the real world, they get wrong here.
local folder = arg and arg[1] or "tutorial-earth"

-- 6° and three years, to be quick; half a minute of patience buys 2° and eight.
if not io.open(folder .. "/reference/nee.nc") then
  twin.archive { path = folder, resolution = 6, years = { 2001, 2003 }, seed = 1 }
end

-- A cube is a variable of a netCDF file on latitude, longitude and time. Nothing is read until a number is asked for.
local tair = cube.open(folder .. "/drivers/tair.nc")
print(tair.name, tair.units, #tair.dims) --> tair  degC  3
print(tair.time.first, tair.time.count) --> 2001-01-01  1095

-- A selection is a view; means over latitude and longitude are weighted by area.
local amazon = tair:sel { region = "BRA", month = { 6, 7, 8 } }
print(string.format("Brazil, June to August: %.0f °C", amazon:mean()))
assert(amazon:mean() > 15 and amazon:mean() < 35)

-- Units are converted, or refused: degrees are no flux.
print(tair:to("K"):mean() > 273) --> true
print(pcall(tair.to, tair, "gC m-2 d-1"))

-- The truth, which a real Earth would hide. Positive is to the atmosphere: the land takes carbon up.
local truth = twin.truth(folder)
local r = regions.reccap2(truth.nee.grid)
local annual = truth.nee:integral(r):total():annual()
for i = 1, #annual.time do print(string.format("  %d: %.1f PgC", 2000 + i, annual.values[{ 1, i }])) end
assert(annual.values:mean():item() < -1)

-- Where is it? The eighteen regions, strongest sink first.
local mean = truth.nee:integral(r):annual().values:mean(2)
local order = {}
for i, code in ipairs(r.codes) do order[i] = { code = code, nee = mean[i] } end
table.sort(order, function(a, b) return a.nee < b.nee end)
for i = 1, 3 do print(string.format("  %-5s %6.2f", order[i].code, order[i].nee)) end

-- Next: 04_towers.lua
