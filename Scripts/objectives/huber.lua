-- Objective term: regional months under Huber's loss. One outlying inversion then pulls with bounded force,
-- where the paper's cube lets it pull hardest.
--
--   J = mean over members a, regions r, months m of  h(|A[a,r,m] − m̂[r,m]|),   h(u) = k (u − ½ k),  k = min(u, δ)
--
-- Use:  terms.atm = require "objectives.huber" (bridge, target)

---@param bridge Bridge
---@param target Series  [member, region, month], PgC month⁻¹
---@param delta? number  where the square becomes a straight line, PgC month⁻¹; default 0.05
---@return Term          (PgC month⁻¹)²
return function(bridge, target, delta)
  delta = delta or 0.05
  return objective.term("huber", { bridge = bridge, target = target }, function(step)
    local u = (step.observed - step.predicted):abs()
    local k = u:clamp(0, delta)
    return (k * (u - 0.5 * k)):nanmean()
  end)
end
