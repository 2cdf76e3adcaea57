-- Objective term: amplitude of each region's seasonal cycle.
--
--   J = ½ Σ_r mean over members a of (A(y[a,r]) − A(m̂[r]))²,   A = max − min over the twelve months
--
-- Use:  terms.amplitude = require "objectives.seasonal_amplitude" (bridge, target)   beside ec and atm

--- Peak-to-trough range of a seasonal cycle.
---@param cycle Tensor  [… region, month], PgC month⁻¹
---@return Tensor       [… region], PgC month⁻¹
local function amplitude(cycle)
  return cycle:max("month") - cycle:min("month")
end

---@param bridge Bridge
---@param target Series  [member, region, month], PgC month⁻¹
---@return Term          (PgC month⁻¹)²
return function(bridge, target)
  return objective.term("seasonal_amplitude", { bridge = bridge, target = target }, function(step)
    local residual = amplitude(step.observed) - amplitude(step.predicted)
    return 0.5 * (residual * residual):nanmean("member"):nansum()
  end)
end
