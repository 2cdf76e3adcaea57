-- Objective term: the trend of each region's annual total over the years of the fold.
--
--   J = mean over members a, regions r of (β(A[a,r,·]) − β(m̂[r,·]))²,   β(y) = Σ_t (t − t̄) y_t / Σ_t (t − t̄)²
--
-- A step asks the bridge for every year rather than for one, and costs as many passes.
--
-- Use:  terms.trend = require "objectives.trend" (bridge, target)   beside ec and atm; hold out no year, or two and more

--- The least-squares slope of annual totals.
---@param total fun(year: integer): Tensor  […], PgC yr⁻¹
---@param years integer[]
---@return Tensor                           […], PgC yr⁻²
local function slope(total, years)
  local mean, squares, sum = 0, 0, nil
  for _, year in ipairs(years) do mean = mean + year / #years end
  for _, year in ipairs(years) do squares = squares + (year - mean) ^ 2 end
  for _, year in ipairs(years) do
    local part = total(year) * ((year - mean) / squares)
    sum = sum and sum + part or part
  end
  return sum
end

---@param bridge Bridge
---@param target Series  [member, region, month], PgC month⁻¹
---@return Term          (PgC yr⁻²)²
return function(bridge, target)
  return objective.term("trend", { bridge = bridge, target = target }, function(step)
    if #step.years < 2 then error("a trend needs two years: use holdout_years = 0, or 2 and more", 0) end
    local observed = slope(function(year) return step:target(target, { year = year }):sum("month") end, step.years)
    local predicted = slope(function(year) return step:predict(bridge, { year = year }):sum("month") end, step.years)
    return (observed - predicted):square():nanmean()
  end)
end
