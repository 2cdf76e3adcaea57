-- The twelve months of latitude bands: a model's beside those of several inversions.
--
-- Use:  local figures = require "band_cycles" { model = values, inversions = target, covered = {…} }
--       prints months and scores, a block a band, and returns all numbers by band, and of "land", the sum of the bands
--       model: Tensor [member, band, month], PgC month⁻¹; inversions: Series of the same bands and months

local months = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" }

--- The figures of one band.
---@param models Tensor      [member, month], PgC month⁻¹
---@param inversions Tensor  [member, month]
---@return table
local function scores(models, inversions)
  local model, mean = models:mean(1), inversions:mean(1)
  local low, high = inversions:min(1), inversions:max(1)
  local ours, theirs = models:sum(2), inversions:sum(2)
  return {
    model = model:totable(), inversions = mean:totable(), lowest = low:totable(), highest = high:totable(),
    correlation = metrics.pearson(model, mean), rmse = metrics.rmse(model, mean),
    -- About each one's own mean: what is left when the annual sum is taken for granted.
    rmse_cycle = metrics.rmse(model - model:mean():item(), mean - mean:mean():item()),
    within = (model:ge(low) * model:le(high)):sum():item(),
    annual_model = ours:mean():item(), annual_spread = ours:std():item(), annual_inversions = theirs:mean():item(),
    annual_lowest = theirs:min():item(), annual_highest = theirs:max():item(),
  }
end

---@param o { model: Tensor, inversions: Series, covered: number[]?, months: boolean? }  months = false prints the scores alone
---@return table
return function(o)
  local theirs, bands, figures = o.inversions.values, o.inversions.regions, {}
  local ours = o.model:double()
  for i, band in ipairs(bands) do
    figures[band] = scores(ours[{ {}, { i, i } }]:squeeze(2), theirs[{ {}, { i, i } }]:squeeze(2))
    figures[band].covered = o.covered and o.covered[i]
  end
  figures.land = scores(ours:sum(2), theirs:sum(2))

  local order = { table.unpack(bands) }
  order[#order + 1] = "land"
  if o.months ~= false then
    print(string.format("\nMonths, PgC month-1: model, mean of %d inversions, their lowest and highest\n%-10s%s", #o.inversions.members, "band",
      string.rep("%8s", 12):format(table.unpack(months))))
  end
  for _, band in ipairs(o.months ~= false and order or {}) do
    local f = figures[band]
    for _, row in ipairs { { band, f.model }, { "  mean", f.inversions }, { "  lowest", f.lowest }, { "  highest", f.highest } } do
      print(string.format("%-10s" .. string.rep("%8.3f", 12), row[1], table.unpack(row[2])))
    end
  end
  print "\n                 of the twelve months, PgC month-1             PgC yr-1"
  print "band        corr.   RMSE  about the mean  in their range    model     ±  inversions  lowest  highest  land with drivers"
  for _, band in ipairs(order) do
    local f = figures[band]
    print(string.format("%-10s %6.2f %6.3f %15.3f %15d %8.2f %5.2f %11.2f %7.2f %8.2f%s", band, f.correlation, f.rmse, f.rmse_cycle, f.within,
      f.annual_model, f.annual_spread, f.annual_inversions, f.annual_lowest, f.annual_highest,
      f.covered and string.format("%17.1f %%", 100 * f.covered) or ""))
  end
  return figures
end
