-- Objective term: the tower misfit, with little trust in the humid tropics. On calm nights respired CO₂ drains away
-- below the sensors there, so their towers see too strong a sink.
--
--   J = Σ w v (ŷ − y)² / Σ w v,   v = 0.2 in evergreen broadleaf forest within 23.5° of the equator, 1 elsewhere
--
-- Use:  terms.ec = require "objectives.humid_tropics" ()   in place of objective.mse()

---@param trust? number  v of the humid tropics, 0 to 1; default 0.2
---@return Term          (gC m⁻² d⁻¹)²
return function(trust)
  trust = trust or 0.2
  return objective.term("humid_tropics", { towers = true }, function(step)
    local humid = step:mask { igbp = "EBF", lat = { -23.5, 23.5 } }
    local weight = step.weight * (1 - (1 - trust) * humid)
    return (weight * (step.predicted - step.observed):square()):sum() / weight:sum()
  end)
end
