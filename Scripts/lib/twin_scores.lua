-- What an experiment on the twin is judged by: the figures of each run against the hidden
-- truth and against the inversions, and the criteria (a) to (f).

local scores = {}

--- The figures of every run.
---@param runs table     name → monthly Cube, gC m-2 d-1, on the regions' grid
---@param against table  truth and inversions: { cube = Cube, series = Series }
---@param regions Regions
---@return table figures  name → figure, and the printed tables
function scores.of(runs, against, regions)
  local figures, tables, totals, means = {}, {}, {}, {}
  for name, cube in pairs(runs) do
    totals[name], means[name] = cube:integral(regions), cube:mean("time"):tensor()
    figures[name] = { iav = metrics.iav(totals[name]:annual().values:double():sum(1)) }
  end
  -- How alike the mean maps are, cell by cell.
  for name, mean in pairs(means) do
    figures[name].pattern = {}
    for other, reference in pairs(means) do figures[name].pattern[other] = metrics.pearson(mean, reference) end
  end
  for which, reference in pairs(against) do
    local regional = metrics.regional { runs = totals, reference = reference.series }
    local pixels = metrics.pixels { runs = runs, reference = reference.cube, regions = regions }
    tables[which], tables[which .. "_pixels"] = regional, pixels
    for name, figure in pairs(figures) do
      local globe, pixel = regional.scores[name].globe, pixels.scores[name]
      local function set(key, value) figure[key] = figure[key] or {}; figure[key][which] = value end
      set("monthly_rmse", globe.monthly_rmse)
      set("monthly_rmse_demeaned", globe.monthly_rmse_demeaned)
      set("annual_rmse", globe.annual_rmse)
      set("regional_annual_rmse", regional.scores[name].regions.annual_rmse)
      set("pixel_rmse", pixel.globe.rmse)
      set("pixel_rmse_tropics", pixel.tropics.rmse)
      set("pixel_rmse_extratropics", pixel.extratropics.rmse)
      set("tropical_share_of_error", pixel.globe.tropical_share_of_error)
      figure.global_nee, figure.tropical_nee = globe.mean, pixel.tropics.total
    end
  end
  return figures, tables
end

--- The criteria against the hidden truth. Each: name, what is measured, the bar, whether it holds.
---@param f table figures of truth, ec, ec_offset, ec_atm and inversions
---@return table[]
function scores.criteria(f)
  local truth = f.truth.global_nee
  local ec, offset, both = f.ec, f.ec_offset, f.ec_atm
  local list = {}
  local function check(name, text, value, low, high)
    list[#list + 1] = { name = name, text = text, value = value, low = low, high = high, pass = value >= low and value <= high }
  end
  check("a", "EC global NEE, PgC yr-1", ec.global_nee, -30, -10)
  check("a", "share of EC's error within 23.5° of the equator", ec.tropical_share_of_error.truth, 0.6, math.huge)
  check("b", "|EC-ATM - truth|, PgC yr-1", math.abs(both.global_nee - truth), 0,
    math.max(0.75, 2 * math.abs(f.inversions.global_nee - truth)))
  check("c", "regional annual RMSE, EC-ATM / EC", both.regional_annual_rmse.truth / ec.regional_annual_rmse.truth, 0, 0.25)
  check("d", "demeaned monthly global RMSE, EC-ATM / EC", both.monthly_rmse_demeaned.truth / ec.monthly_rmse_demeaned.truth, 0, 0.5)
  check("e", "tropical pixel RMSE, EC-ATM / EC offset", both.pixel_rmse_tropics.truth / offset.pixel_rmse_tropics.truth, 0, 0.7)
  check("e", "extratropical pixel RMSE, EC-ATM / EC", both.pixel_rmse_extratropics.truth / ec.pixel_rmse_extratropics.truth, 0, 1)
  check("f", "out-of-fold tower RMSE, EC-ATM / EC", both.tower_rmse_oof / ec.tower_rmse_oof, 0, 1.03)
  check("f", "RMSE against the towers' true flux, EC-ATM / EC", both.tower_truth_rmse / ec.tower_truth_rmse, 0, 1)
  return list
end

--- Prints the criteria with pass or fail.
function scores.print(list)
  print("\nAgainst the hidden truth")
  for _, c in ipairs(list) do
    local text = c.high == math.huge and string.format("at least %.2f", c.low)
      or c.low ~= 0 and string.format("%.0f to %.0f", c.low, c.high) or string.format("at most %.2f", c.high)
    print(string.format("  (%s) %-52s %8.3f   %-14s %s", c.name, c.text, c.value, text, c.pass and "pass" or "FAIL"))
  end
end

return scores
