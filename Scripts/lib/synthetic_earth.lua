-- The synthetic Earth as an experiment wants it: written once, in the formats of the real one, then read as real files are.
--
-- Use:  local earth = require "synthetic_earth" { path = "twin/small", resolution = 6, years = 3, seed = 1 }
--       earth.drivers, .regions, .towers, .inversions, .target (their regional months), .reference (NEE that a bridge is
--       fitted to) and .truth (what is hidden: for judging, never for training)

---@param o { path: string, resolution?: number, years?: integer, seed?: integer, bias?: boolean, quiet?: boolean }
---@return table earth
return function(o)
  local first, last = 2001, 2000 + (o.years or 8)
  local made = string.format("resolution %g, years %d to %d, seed %d%s\n", o.resolution or 2, first, last, o.seed or 1,
    o.bias == false and ", without biases" or "")
  local label = io.open(o.path .. "/made_with.txt") -- written last
  if label then
    local found = label:read "a"
    label:close()
    if found ~= made then
      error(string.format("%s holds an Earth of %s  expected: %s  Name another folder, or remove it.", o.path, found, made), 0)
    end
  else
    twin.archive { path = o.path, resolution = o.resolution or 2, years = { first, last }, seed = o.seed or 1, bias = o.bias ~= false }
    label = assert(io.open(o.path .. "/made_with.txt", "w"))
    label:write(made)
    label:close()
  end
  local function file(name) return o.path .. "/" .. name .. ".nc" end
  local function base(name) return file("drivers/" .. name) end

  local earth = { path = o.path, years = { first, last } }
  earth.drivers = drivers.build {
    evi = base "evi", fapar = base "fapar", ndvi = base "ndvi", ndwi = base "ndwi", band4 = base "band4", lst_day = base "lst_day",
    lst_night = base "lst_night", rg = base "rg", tair = base "tair", precip = base "precip", years = { first, last },
  }
  earth.regions = regions.reccap2(earth.drivers.grid)
  earth.towers = towers.open(o.path .. "/towers", { sites = o.path .. "/towers/sites.csv", qc = 0.75, quiet = o.quiet })
  earth.inversions = inversions.open(file "inversions/inversions") - cube.open(file "fires/gfas", "co2fire") - cube.open(file "lateral/lateral")
  earth.target = earth.inversions:regional(earth.regions, { quiet = o.quiet })
  earth.reference = cube.open(file "reference/nee", "nee")
  earth.truth = twin.truth(o.path)
  return earth
end
