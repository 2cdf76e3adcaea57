-- How fast does the Lasso find the few pixels that stand for a region?
--
--   min |y - X w|² / 2T + α |w|₁ down 100 geometric α, until R² reaches 0.95
--
-- 2192 days, 2000 candidate pixels, the area-weighted sum of 40,000 as target; columns standardised beforehand and no intercept,
-- as the peers have it, X column after column in memory. The duality gap of every point is that over all columns.
--
-- Use:  fluxbridge Scripts/benchmarks/lasso_path.lua --dump DIR [--threads N] [--json FILE]

local bench = require "benchmark" "lasso_path"
local X = bench:array "X_standardised":t():clone():t() -- column after column
local y, alphas = bench:array "y_standardised", bench:array "alphas"
local wanted, samples = bench:array "ref_coef_at_r2_95", #y

--- What is minimised, in the peers' convention.
local function objective(w, alpha)
  local residual = y - X:matmul(w)
  return residual:dot(residual):item() / (2 * samples) + alpha * w:abs():sum():item()
end

local fit
local result = bench:time(function()
  fit = bridge.lasso(X, y, { r2 = 0.95, alphas = alphas, convention = "sklearn", intercept = false, standardise = false, tolerance = 1e-6 })
end, { samples = 9 })

local index, r2 = #bench:array "ref_r2_along_path", bench:array "ref_r2_along_path"[-1]
local nonzero = fit.coefficients:ne(0):sum():item()
local worst = 0
for _, point in ipairs(fit.path) do worst = math.max(worst, point.gap) end
assert(#fit.path == index, ("stopped at alpha %d, the reference at %d"):format(#fit.path, index))
assert(math.abs(fit.r2 - r2) <= 1e-5, "R² differs")
assert(objective(fit.coefficients, fit.alpha) <= objective(wanted, fit.alpha) * (1 + 1e-6), "the objective is higher")
assert(worst <= 1e-6, "a duality gap is above 1e-6")
result.alpha_index, result.nonzero, result.r2, result.max_gap = #fit.path - 1, nonzero, fit.r2, worst
print(("alpha %d, %d active of %d computed, R² %.5f, largest gap %.1e"):format(#fit.path - 1, nonzero, fit.working_set, fit.r2, worst))
bench:report(result, { samples = samples, candidates = X.shape[2] })
