-- Objective term: the regional term of the paper (Eqs. 6 to 8), written in Lua.
--
--   ℓ[r, m] = (mean over members |A - m̂|³)^{1/3},   ℓ = Σ_r area_r / Σ area · mean_m ℓ[r, m] / (1 + range[r, m])
--
-- Use:  terms.atm = require "objectives.regional_norm" (bridge, target)
local epsilon = 1e-6

return function(bridge, target)
  return objective.term("regional_norm", { bridge = bridge, target = target }, function(step)
    local observed, predicted = step.observed, step.predicted -- [member, region, month], [region, month]
    local cubes = ((observed - predicted):abs() ^ 3):nanmean("member")
    local loss = (cubes + epsilon ^ 3) ^ (1 / 3) - epsilon
    return ((loss / (1 + step.range)):nanmean("month") * step.area):nansum() / step.area:sum()
  end)
end
