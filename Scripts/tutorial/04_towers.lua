-- Tutorial, 4 of 7: towers, and what a model sees of the world.
local folder = arg and arg[1] or "tutorial-earth"
assert(io.open(folder .. "/reference/nee.nc"), "run 03_earth.lua first: it makes the Earth")

-- Towers measure the exchange of one square kilometre, every half-hour, for years. A day is kept when three quarters of
-- its half-hours were good; what is dropped is told.
local t = towers.open(folder .. "/towers", { sites = folder .. "/towers/sites.csv", qc = 0.75, quiet = true })
print(t)

-- They stand where people could build them. Count the sites of the humid tropics:
local tropical = t:only { igbp = "EBF", lat = { -23.5, 23.5 } }
print(string.format("%d of %d sites, %.1f %% of the days", tropical.site_count, t.site_count, 100 * tropical.day_count / t.day_count))
assert(tropical.day_count / t.day_count < 0.1)

-- A model needs the same inputs at the towers and everywhere else: ten drivers, from air temperature to the seasonal cycle
-- of vegetation. `require "synthetic_earth"` builds them, as the experiment does, and opens what goes with them.
local earth = require "synthetic_earth" { path = folder, resolution = 6, years = 3, quiet = true }
local d = earth.drivers
for i, name in ipairs(d.names) do print(string.format("  %-14s %-8s %s", name, d.kinds[i], d.formulas[i])) end
print(#d.names) --> 10

-- Site-days with the drivers of their pixels: what is learned from.
local days = t:attach(d)
print(days)
print(days.x.shape[2], days.nee.shape[1] == days.count) --> 10  true

-- Folds keep neighbours together: a model that is judged at a site must not have learned at its neighbour.
local folds = t:folds(5, { seed = 1 })
print(folds)

-- Next: 05_towers_alone.lua
