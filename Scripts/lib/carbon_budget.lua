-- The land of the Global Carbon Budget as annual series, PgC yr⁻¹, positive to the atmosphere.
--
--   sink = −S_LAND                what models of the land take up, without changes of land use
--   net  = −S_LAND + E_LUC        with them: fires and harvests of clearing included, as inversions see the land before lateral fluxes
--
-- Use:  local budget = require "carbon_budget" ("gcb2022_global-carbon-budget.csv", time)   time: annual, such as s:annual().time
--       budget.sink, budget.net: Series of the region "globe", missing in years that the table does not have
--
-- The table is the sheet "Global Carbon Budget" of the workbook as CSV (GtC yr⁻¹; its sinks are positive into the land). Cite
-- Friedlingstein et al. of the table's year.

---@param path string
---@param time Time  years
---@return { sink: Series, net: Series }
return function(path, time)
  local values, columns = tensor.csv(path)
  local at = {}
  for k, name in ipairs(columns) do at[name:lower()] = k end
  local year, land, change = at["year"], at["land sink"], at["land-use change emissions"]
  if not (year and land and change) then
    error(path .. ": no columns 'Year', 'land sink' and 'land-use change emissions'; it has: " .. table.concat(columns, ", "), 0)
  end
  local row = {}
  for i = 1, values.shape[1] do row[math.tointeger(values[{ i, year }]) or 0] = i end
  local sink, net = {}, {}
  for k, first in ipairs(time:dates()) do
    local i = row[math.tointeger(tonumber(first:sub(1, 4)))]
    sink[k] = i and -values[{ i, land }] or 0 / 0
    net[k] = i and -values[{ i, land }] + values[{ i, change }] or 0 / 0
  end
  local function series_of(list, name)
    return series.new { tensor({ list }, { dtype = "float64" }), time = time, regions = { "globe" }, unit = "PgC yr-1", name = name }
  end
  return { sink = series_of(sink, "land sink of the Global Carbon Budget"), net = series_of(net, "net land flux of the Global Carbon Budget") }
end
