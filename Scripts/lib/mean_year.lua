-- The mean year of the land, real climatologies as drivers: what towers and grid see alike.
--
--   R_g = (0.25 + 0.5 n/N) R_pot        Ångström: shortwave of sunshine duration, W m⁻²
--   fAPAR = 1 − exp(−0.5 LAI)           the demand for water; the index is that of a bucket as deep as the soil
--
-- Use:  local year = require "mean_year" (FOLDER, { step = 0.5 })
--       year.drivers (of twelve months), year.bands (of latitude), year.covered (share of each band's land with drivers)
--
-- FOLDER/drivers/climatology holds BIOME4_inputdata.nc (0.5°) and plasim_T42_land_climatology.nc (leaf area at 2.8°).

---@param folder string
---@param o { step: number? }  degrees; 0.5 when left out
---@return table
return function(folder, o)
  local half = grid.regular(0.5)
  local function biome(name) return cube.open(folder .. "/drivers/climatology/BIOME4_inputdata.nc", name) end
  local function vegetation(name) return cube.open(folder .. "/drivers/climatology/plasim_T42_land_climatology.nc", name) end
  local months = biome "temp".time

  -- Its coordinates are the south-west corners of the cells: their order is that of the half-degree grid.
  local function monthly(values, name, unit, long_name)
    return cube.new { values, time = months, lat = half.lat, lon = half.lon, name = name, units = unit, long_name = long_name }
  end
  local function map(values, name, unit, long_name)
    return cube.new { values, lat = half.lat, lon = half.lon, name = name, units = unit, long_name = long_name }
  end

  -- Temperature and sunshine are in tenths, whatever their units say; sunshine is 0, not missing, over the sea.
  local temperature, sunshine = biome "temp":tensor() / 10, biome "sun":tensor() / 1000
  local tair = monthly(temperature, "Tair", "degC", "air temperature")
  local precip = monthly(biome "prec":tensor(), "precip", "mm month-1", "precipitation"):to "mm d-1"
  local rpot = drivers.rpot(tair)
  local rg = monthly((0.25 + 0.5 * sunshine) * rpot:tensor(), "rg", "W m-2", "shortwave radiation of sunshine duration")

  -- Leaf area of the land alone: the zeros of the sea are missing, and so no part of what comes to the coast.
  local lai_land, land = vegetation "lai", vegetation "lsm"
  local leaves = cube.new {
    lai_land:tensor():where(land:tensor():gt(0.5), 0 / 0), time = lai_land.time, lat = land.lat, lon = land.lon, name = "lai",
  }:regrid(half, "bilinear", { quiet = true }):tensor()
  local lai = monthly(leaves, "lai", "1", "leaf area index")
  local fapar = monthly(1 - (-0.5 * leaves):exp(), "fapar", "1", "fraction of light that leaves absorb")

  -- mm per metre of the upper 0.3 m and the 1.2 m below; 999.9 and less than 0 are codes for soils without a figure.
  local soil = biome "whc":tensor()
  local depth = 0.3 * soil[1] + 1.2 * soil[2]
  local known = soil[1]:gt(0) * soil[1]:lt(500)
  local capacity = map(depth:where(known, 100), "capacity", "mm", "soil water capacity")
  local water = drivers.water_index { precip = precip, tair = tair, rg = rg, fapar = fapar, capacity = capacity }

  --- Each month's value in the next month (1) or the one before (-1).
  local function other(x, by)
    if by > 0 then return tensor.cat({ x[{ { 2, 12 } }], x[{ { 1, 1 } }] }, 1) end
    return tensor.cat({ x[{ { 12, 12 } }], x[{ { 1, 11 } }] }, 1)
  end
  local cubes = {
    tair, precip, rg, rpot, water, lai,
    monthly(other(temperature, 1) - other(temperature, -1), "warming", "degC", "temperature of the next month minus that of the last"),
    monthly(other(water:tensor(), -1), "water_before", "1", "water availability of the month before"),
    map(temperature:mean(1), "tair_mean", "degC", "annual mean temperature"),
    map(precip:tensor():mean(1), "precip_mean", "mm d-1", "annual mean precipitation"),
    map(temperature:max(1) - temperature:min(1), "tair_range", "degC", "annual range of temperature"),
    map(leaves:max(1), "lai_max", "1", "largest leaf area of the year"),
  }
  local at = half
  if o.step and o.step ~= 0.5 then
    at = grid.regular(o.step)
    for i, c in ipairs(cubes) do cubes[i] = c:regrid(at, "conservative", { quiet = true }) end
  end
  local lacking = tensor.zeros { at.rows, at.columns }
  for _, c in ipairs(cubes) do
    local missing = c:tensor():isnan()
    lacking = lacking + (c.time and missing:sum "time" or missing)
  end
  cubes.years = { 2000, 2017 }

  local year = { edges = { -90, -23.5, 0, 23.5, 50, 90 }, drivers = drivers.climatology(cubes), covered = {} }
  year.bands = regions.bands(year.edges, at)
  for i, code in ipairs(year.bands.codes) do
    year.covered[i] = (year.bands:fraction(code) * lacking:eq(0) * at.area):sum():item() / year.bands.area[i]
  end
  return year
end
