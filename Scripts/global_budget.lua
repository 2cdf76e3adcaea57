-- How does a run's global land flux stand beside the Global Carbon Budget's and real inversions'?
--
-- Use:  fluxbridge Scripts/global_budget.lua BUDGET.csv [NAME=TOTALS.nc …] [--inversions FOLDER] [--years 2001-2017] [--figure FILE]
--
-- BUDGET.csv is the sheet "Global Carbon Budget" of its workbook as CSV, FOLDER holds real inversions summed along latitude
-- (*.fluxes_za_ts_monthly.nc), and each TOTALS.nc regional months of a run: result.ec_atm:integral(d, r):save("ec_atm.nc"), which
-- Scripts/dual_constraint.lua --totals FOLDER writes. A run on a synthetic Earth is not of this Earth: its size may be compared, not its years.
local o, rest = require "options" { inversions = "", years = "2001-2017", figure = "" }
if #rest == 0 then
  io.stderr:write("usage: fluxbridge Scripts/global_budget.lua BUDGET.csv [NAME=TOTALS.nc …] [--inversions FOLDER] [--years Y-Y] [--figure FILE]\n")
  os.exit(2)
end
local first, last = o.years:match "^(%d%d%d%d)%-(%d%d%d%d)$"
if not first then error("--years " .. o.years .. ": wants two years, such as 2001-2017", 0) end
first, last = math.tointeger(first), math.tointeger(last)

-- Years alone: the axis that the tables are read on.
local dates = {}
for year = first, last do
  for month = 1, 12 do dates[#dates + 1] = string.format("%d-%02d-01", year, month) end
end
local time = cube.new({ tensor.zeros { #dates, 1, 1 }, time = dates, lat = { 0 }, lon = { 0 }, units = "1", name = "months" }):annual().time
local budget = require "carbon_budget" (rest[1], time)
local runs, order = { ["GCB net land"] = budget.net, ["GCB land sink"] = budget.sink }, { "GCB net land", "GCB land sink" }

if o.inversions ~= "" then
  local files = {}
  for name, file in pairs { CAMS = "CAMSv20r1", CT = "CT2019B", CTE = "CTE2020", JENA = "s99oc_v2020", MIROC = "MIROC" } do
    files[name] = o.inversions .. "/" .. file .. ".fluxes_za_ts_monthly.nc"
  end
  runs.inversions = inversions.zonal(files, { bands = { -90, 90 } }):sel { years = { first, last } }
  order[#order + 1] = "inversions"
end
for i = 2, #rest do
  local name, file = rest[i]:match "^([^=]+)=(.+)$"
  if not name then error(rest[i] .. ": wants NAME=FILE", 0) end
  runs[name] = series.open(file)
  order[#order + 1] = name
end

print(string.format("Global land flux, PgC yr-1, positive to the atmosphere, %d-%d\n", first, last))
print(string.format("%-16s %6s %9s %9s   %s", "", "years", "mean", "IAV", "what it is"))
local meaning = {
  ["GCB net land"] = "Global Carbon Budget: land-use change emissions minus land sink", ["GCB land sink"] = "Global Carbon Budget: minus the land sink of its models",
  inversions = "real inversions, mean of 5: net land flux with fires",
}
local summary = {}
for _, name in ipairs(order) do
  local s = runs[name]
  if s.time.step ~= "year" then s = s:annual() end
  if s.members then s = s:mean("member") end
  local total = s.values:double():sum(1)
  local present = 0
  for k = 1, #total do if total[k] == total[k] then present = present + 1 end end
  summary[name] = { mean = total:nanmean():item(), iav = metrics.iav(total), years = present }
  print(string.format("%-16s %6d %9.2f %9s   %s", name, present, summary[name].mean, summary[name].iav == summary[name].iav and string.format("%.2f", summary[name].iav) or "n/a", meaning[name] or "of the file that was given"))
end
print "\nIAV: standard deviation of linearly detrended annual totals, n/a below 10 years."
if o.figure ~= "" then figure.annual({ runs = runs, order = order }):save(o.figure) print(o.figure) end
return summary
