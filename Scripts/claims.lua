-- Which claims of the paper hold on the synthetic Earth? Each claim of its abstract and conclusions: the paper's number, ours, and whether
-- it holds. The tests were written down from the claims' words; nothing is tuned to make one hold, and one that fails is shown as such.
--
-- Use:  fluxbridge Scripts/claims.lua FIGURES.json      of a run: fluxbridge Scripts/dual_constraint.lua --full --json FIGURES.json
--       fluxbridge Scripts/claims.lua [--seed N] [--archive DIR]      makes a small run first
--       … --ledger FILE                                 also writes the ledger as JSON
local o, files = require "options" { seed = 1, archive = "", ledger = "" }
local ledger_path = o.ledger ~= "" and o.ledger

local given = files[1]
local path = given or os.tmpname()
if not given then
  local script = arg[0]:gsub("claims%.lua$", "dual_constraint.lua")
  arg = { [0] = script, "--json", path, "--seed", string.format("%d", o.seed), "--archive", o.archive }
  dofile(script)
end
local function refuse(why)
  io.stderr:write(arg[0], ": ", why, "\n  It reads what this writes: fluxbridge Scripts/dual_constraint.lua --full --json FIGURES.json\n")
  os.exit(1)
end
local file, why = io.open(path)
if not file then refuse(why) end
file:close()
local is_json, f = pcall(flux.json.read, path)
if not given then os.remove(path) end
if not is_json then refuse(path .. " is no such file: " .. tostring(f)) end
if type(f) ~= "table" or not (f.ec and f.ec_atm and f.regional) then refuse(path .. " holds no figures of Scripts/dual_constraint.lua") end

local paper, ec, both = metrics.published, f.ec, f.ec_atm
local truth, inversions = f.truth.global_nee, f.inversions.global_nee
local tropics = { "CAM", "NSA", "BRA", "EQAF", "SAS", "SEAS" }
local claims = {}

--- @param of string     where the paper says it
--- @param text string   what it says
--- @param printed string?  its number
--- @param ours string   ours on the twin
--- @param test string   how we decided
--- @param holds boolean?  nil: cannot be told here
local function claim(of, text, printed, ours, test, holds)
  claims[#claims + 1] = { of = of, text = text, paper = printed or "", ours = ours, test = test, holds = holds == nil and "not told" or holds and "yes" or "no" }
end
local function n(x, digits) return x and x == x and string.format("%." .. (digits or 2) .. "f", x) or "n/a" end
local function pair(a, b, digits) return n(a, digits) .. " / " .. n(b, digits) end
local function regional(run, region, measure, against) return f.regional[against or "inversions"][run][region][measure] end

-- Regions in which the second constraint lowers a measure, or raises it.
local function count(measure, sign, source)
  local better, all = 0, 0
  for region, numbers in pairs(paper.ec_atm) do
    if region ~= "globe" and region ~= "towers" and f.regional.inversions.ec[region] then
      local a, b = source(region, measure)
      all = all + 1
      if (a - b) * sign > 0 then better = better + 1 end
    end
  end
  return better, all
end
local function in_paper(region, measure) return paper.ec_atm[region][measure], paper.ec[region][measure] end
local function here(region, measure) return regional("ec_atm", region, measure), regional("ec", region, measure) end

claim("abstract", "EC-ATM's global NEE is near the best estimates, PgC yr-1", n(paper.ec_atm.globe.nee), string.format("%s (truth %s, inversions %s)", n(both.global_nee), n(truth), n(inversions)),
  "within 1.75 PgC yr-1, the paper's one sigma, of the truth", math.abs(both.global_nee - truth) <= 1.75)
claim("abstract", "without the regional constraint the sink is far too strong, PgC yr-1", n(paper.ec.globe.nee), n(ec.global_nee), "EC below the truth by more than 1.75", ec.global_nee < truth - 1.75)
claim("abstract", "the dual constraint is a strong improvement, |error| in PgC yr-1, EC-ATM / EC", nil, pair(math.abs(both.global_nee - truth), math.abs(ec.global_nee - truth)),
  "EC-ATM's error is less than half of EC's", math.abs(both.global_nee - truth) < 0.5 * math.abs(ec.global_nee - truth))
local shift, inside = both.global_nee - ec.global_nee, both.tropical_nee - ec.tropical_nee
claim("abstract", "the shift occurs largely in the tropics", nil, n(100 * inside / shift, 0) .. " % within 23.5°", "more than half", inside / shift > 0.5)
claim("abstract", "outside the tropics EC and EC-ATM are very similar: shift in PgC yr-1, outside / inside", nil, pair(shift - inside, inside), "the shift outside is less than half of that inside",
  math.abs(shift - inside) < 0.5 * math.abs(inside))
claim("abstract", "EC-ATM agrees with towers as EC does, RMSE in sample, EC-ATM / EC, gC m-2 d-1", pair(paper.ec_atm.towers.rmse, paper.ec.towers.rmse, 3), pair(both.tower_rmse_all, ec.tower_rmse_all, 3),
  "EC-ATM's is at most 2 % larger, the paper's difference", both.tower_rmse_all <= 1.02 * ec.tower_rmse_all)
claim("abstract", "the same out of fold", nil, pair(both.tower_rmse_oof, ec.tower_rmse_oof, 3), "EC-ATM's is at most 2 % larger, the paper's difference", both.tower_rmse_oof <= 1.02 * ec.tower_rmse_oof)
claim("abstract", "estimates are consistent at the pixels too: RMSE of the mean map to the truth, EC-ATM / EC, gC m-2 d-1", nil, pair(both.pixel_rmse.truth, ec.pixel_rmse.truth, 3), "EC-ATM's is smaller",
  both.pixel_rmse.truth < ec.pixel_rmse.truth)

claim("conclusions", "regional and global totals keep the strengths of the inversions: monthly RMSE of the globe, EC-ATM / EC, PgC month-1",
  pair(paper.ec_atm.globe.monthly_rmse, paper.ec.globe.monthly_rmse, 3), pair(both.monthly_rmse.inversions, ec.monthly_rmse.inversions, 3), "EC-ATM's is less than half", both.monthly_rmse.inversions < 0.5 * ec.monthly_rmse.inversions)
claim("conclusions", "annual RMSE of the globe, EC-ATM / EC, PgC yr-1", pair(paper.ec_atm.globe.annual_rmse, paper.ec.globe.annual_rmse, 3), pair(both.annual_rmse.inversions, ec.annual_rmse.inversions, 3), "EC-ATM's is less than half",
  both.annual_rmse.inversions < 0.5 * ec.annual_rmse.inversions)
local fewer, all = count("monthly_rmse", -1, here)
local theirs, of = count("monthly_rmse", -1, in_paper)
claim("conclusions", "regional integrals: regions whose monthly RMSE falls", theirs .. " of " .. of, fewer .. " of " .. all, "nine in ten", fewer >= 0.9 * all)
local annual_fewer, annual_all = count("annual_rmse", -1, here)
local annual_theirs, annual_of = count("annual_rmse", -1, in_paper)
claim("conclusions", "regions whose annual RMSE falls", annual_theirs .. " of " .. annual_of, annual_fewer .. " of " .. annual_all, "four in five", annual_fewer >= 0.8 * annual_all)
claim("conclusions", "the tropics follow the inversions' months: Brazil's R, EC-ATM / EC", pair(paper.ec_atm.BRA.monthly_r, paper.ec.BRA.monthly_r, 3),
  pair(regional("ec_atm", "BRA", "monthly_r"), regional("ec", "BRA", "monthly_r"), 3), "it rises by 0.2 or more", regional("ec_atm", "BRA", "monthly_r") - regional("ec", "BRA", "monthly_r") >= 0.2)
claim("conclusions", "where towers are dense the cycle stays: Europe's R of the mean seasonal cycle, EC-ATM / EC", pair(paper.ec_atm.EU.msc_r, paper.ec.EU.msc_r, 3), pair(regional("ec_atm", "EU", "msc_r"), regional("ec", "EU", "msc_r"), 3),
  "both above 0.95", math.min(regional("ec_atm", "EU", "msc_r"), regional("ec", "EU", "msc_r")) > 0.95)
local pattern = both.pattern or {}
claim("conclusions", "the spatial distribution stays closer to the bottom-up estimate: R of EC-ATM's mean map with EC's / with the inversions'", nil, pair(pattern.ec, pattern.inversions),
  "that with EC's is larger", pattern.ec and pattern.ec > pattern.inversions)
claim("discussion", "it is no bias correction: RMSE of the mean map to the truth in the tropics, EC-ATM / EC plus one constant a region and month, gC m-2 d-1", nil,
  pair(both.pixel_rmse_tropics.truth, f.ec_offset.pixel_rmse_tropics.truth, 3), "EC-ATM's is smaller", both.pixel_rmse_tropics.truth < f.ec_offset.pixel_rmse_tropics.truth)
local deep = 0
for _, region in ipairs(tropics) do deep = deep + (paper.ec.globe.annual_rmse > 0 and paper.ec[region].annual_rmse or 0) end
local theirs_all = 0
for region, numbers in pairs(paper.ec) do if region ~= "globe" and region ~= "towers" then theirs_all = theirs_all + numbers.annual_rmse end end
local ours, ours_all = 0, 0
for _, region in ipairs(tropics) do ours = ours + regional("ec", region, "annual_rmse") end
for region, numbers in pairs(f.regional.inversions.ec) do if region ~= "globe" and region ~= "regions" then ours_all = ours_all + numbers.annual_rmse end end
claim("discussion", "EC's error lies in the tropics: six tropical regions' share of the regional annual RMSE", n(100 * deep / theirs_all, 0) .. " %", n(100 * ours / ours_all, 0) .. " %", "more than half", ours / ours_all > 0.5)
local iav = { both = f.ec_atm.iav, inversions = f.inversions.iav }
claim("discussion", "interannual variability stays below the inversions', PgC yr-1, EC-ATM / inversions", nil, pair(iav.both, iav.inversions), "EC-ATM's is smaller; needs ten years",
  iav.both and iav.both == iav.both and iav.both < iav.inversions or nil)

local function print_claims()
  local held, told = 0, 0
  print "\nThe paper's claims, on the synthetic Earth\n"
  for k, c in ipairs(claims) do
    print(string.format("%2d. (%s) %s", k, c.of, c.text))
    print(string.format("      paper: %s   ours: %s   holds: %s (%s)", c.paper ~= "" and c.paper or "–", c.ours, c.holds, c.test))
    if c.holds ~= "not told" then told = told + 1 end
    if c.holds == "yes" then held = held + 1 end
  end
  print(string.format("\n%d of %d hold here, %d cannot be told. Ours are of a synthetic Earth: they say what the method does where the truth is known, not what the real Earth does.", held, told, #claims - told))
  return held, told
end

local held, told = print_claims()
if ledger_path then flux.json.write(ledger_path, { claims = claims, held = held, told = told }) end
