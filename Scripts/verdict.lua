-- Several runs of the experiment as one Markdown table: what `Scripts/dual_constraint.lua --json FILE` and `Scripts/sparse_vs_exact.lua --json FILE`
-- wrote, a column a file, and the median. Bold is what misses its bar.
--
-- Use:  for s in 1 2 3 4 5; do Scripts/run --full --seed $s --json seed$s.json; done
--       fluxbridge Scripts/verdict.lua seed1.json seed2.json …
local _, files = require "options" {}
if #files == 0 then
  io.stderr:write(arg[0], ": no files; give what --json wrote\n")
  os.exit(2)
end

local function median(list)
  local sorted = { table.unpack(list) }
  table.sort(sorted)
  local middle = #sorted // 2
  return #sorted % 2 == 1 and sorted[middle + 1] or 0.5 * (sorted[middle] + sorted[middle + 1])
end

local function bar(c)
  if not c.high then return string.format("≥ %g", c.low) end
  return c.low ~= 0 and string.format("%g to %g", c.low, c.high) or string.format("≤ %g", c.high)
end

local function cell(c, value)
  local met = value >= c.low and value <= (c.high or math.huge)
  return string.format(met and "%.3f" or "**%.3f**", value)
end

local function line(cells) print("| " .. table.concat(cells, " | ") .. " |") end

-- Criteria (a) to (f), a row each.
local function criteria(runs)
  local head, rule = { "", "bar" }, { "---", "---" }
  for _, run in ipairs(runs) do head[#head + 1], rule[#rule + 1] = run.name, "---" end
  if #runs > 1 then head[#head + 1], rule[#rule + 1] = "median", "---" end
  line(head)
  line(rule)
  for i, c in ipairs(runs[1].data.criteria) do
    local row, values = { string.format("(%s) %s", c.name, c.text:gsub("|", "\\|")), bar(c) }, {}
    for k, run in ipairs(runs) do
      values[k] = run.data.criteria[i].value
      row[#row + 1] = cell(run.data.criteria[i], values[k])
    end
    if #runs > 1 then row[#row + 1] = cell(c, median(values)) end
    line(row)
  end
  local row = { "EC-ATM − truth, PgC yr⁻¹; towers EC-ATM / EC", "" }
  for _, run in ipairs(runs) do
    local d = run.data
    row[#row + 1] = string.format("%+.2f; %.3f", d.ec_atm.global_nee - d.truth.global_nee, d.ec_atm.tower_rmse_oof / d.ec.tower_rmse_oof)
  end
  if #runs > 1 then row[#row + 1] = "" end
  line(row)
end

-- Distances to the truth through each bridge: the median over runs, their range beside it.
local function distances(runs)
  local names = {
    { "ec", "EC" }, { "ec_offset", "EC offset" }, { "ec_atm_paper", "EC-ATM, paper's bridge" }, { "ec_atm_conserving", "EC-ATM, conserving bridge" },
    { "ec_atm_exact", "EC-ATM, exact bridge" }, { "inversions", "inversion mean" },
  }
  local keys = { "globe", "tropics", "extratropics", "pixels", "pixels_tropics", "pixels_extratropics" }
  line { #runs .. " runs", "globe", "tropics", "extratropics", "pixels", "of the tropics", "outside" }
  line { "---", "---", "---", "---", "---", "---", "---" }
  for _, name in ipairs(names) do
    local row = { name[2] }
    for _, key in ipairs(keys) do
      local values = {}
      for k, run in ipairs(runs) do values[k] = run.data[name[1]][key] end
      row[#row + 1] = string.format("%.2f (%.2f to %.2f)", median(values), math.min(table.unpack(values)), math.max(table.unpack(values)))
    end
    line(row)
  end
end

local verdicts, bridges = {}, {}
for _, file in ipairs(files) do
  local run = { name = file:match "([^/]+)%.json$" or file, data = flux.json.read(file) }
  local list = run.data.criteria and verdicts or run.data.ec_atm_exact and bridges
    or error(file .. ": holds neither criteria nor distances  expected: what --json of dual_constraint or sparse_vs_exact wrote", 0)
  list[#list + 1] = run
end
if #verdicts > 0 then criteria(verdicts) end
if #verdicts > 0 and #bridges > 0 then print "" end
if #bridges > 0 then distances(bridges) end
