-- The real Earth's mean year as an experiment wants it: drivers, towers and inversions, read as they came.
--
-- Use:  local earth = require "real_world" (FOLDER, { step = 0.5 })
--       earth.drivers, .bands, .covered: of mean_year
--       earth.towers, and earth.samples, their monthly means of NEE beside the drivers of their cells
--       earth.inversions [member, band, month of 2001–2017] and earth.target, its mean year, PgC month⁻¹
--
-- FOLDER holds towers/fluxnet2015_daily (FLUXNET2015, a daily file a site), towers/sites/fluxnet2015_sites.csv,
-- inversions/zonal_monthly (one file a system), and drivers/climatology.

-- One of each family; the files hold further variants of some.
local systems = { CAMS = "CAMSv20r1", CT = "CT2019B", CTE = "CTE2020", JENA = "s99oc_v2020", MIROC = "MIROC" }

---@param folder string
---@param o { step: number? }
---@return table
return function(folder, o)
  local earth = require "mean_year" (folder, o)
  earth.towers = towers.open(folder .. "/towers/fluxnet2015_daily", { sites = folder .. "/towers/sites/fluxnet2015_sites.csv", qc = 0.75, quiet = true })
  earth.daily, earth.notes = earth.towers:attach(earth.drivers)
  earth.samples = earth.daily:msc { min_days = 10 }

  local files = {}
  for name, file in pairs(systems) do files[name] = folder .. "/inversions/zonal_monthly/" .. file .. ".fluxes_za_ts_monthly.nc" end
  earth.inversions = inversions.zonal(files, { bands = earth.edges }):sel { years = { 2001, 2017 } }
  earth.target = earth.inversions:msc()
  return earth
end
