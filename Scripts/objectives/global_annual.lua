-- Objective term: the globe's annual total, the third term that the paper tried for the missing
-- interannual variability (§5.2).
--
--   J = mean over members a of (Σ_{r,m} A[a,r,m] − Σ_{r,m} m̂[r,m])²
--
-- Use:  terms.annual = require "objectives.global_annual" (bridge, target)   beside ec and atm

---@param bridge Bridge
---@param target Series  [member, region, month], PgC month⁻¹
---@return Term          (PgC yr⁻¹)²
return function(bridge, target)
  return objective.term("global_annual", { bridge = bridge, target = target }, function(step)
    local observed = step.observed:sum("month"):sum("region") -- a member that lacks a month has no total: NaN
    return (observed - step.predicted:sum()):square():nanmean()
  end)
end
