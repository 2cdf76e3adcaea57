-- The frame of every benchmark: options, the peers' dump, checks against its references, timing, one JSON object.
--
--   local bench = require "benchmark" "autodiff"
--   local a = bench:array "a"                              -- from DIR/manifest.json
--   bench:check("loss", loss, "ref_loss", 1e-5)            -- relative; a failure ends the script with status 1
--   bench:report(bench:time(step, { inner = 200 }), { length = 1000 })
--
-- A script made with it is called as
--   fluxbridge Scripts/benchmarks/CASE.lua --dump DIR [--threads N] [--json FILE] [--samples N]

local options = require "options"

local Benchmark = {}
Benchmark.__index = Benchmark

local types = { f32 = "f4", f64 = "f8", i32 = "i4" }

--- An array of the dump, as a tensor: float32, float64, or int64 for whole numbers.
---@param name string
---@return Tensor
function Benchmark:array(name)
  local entry = self.manifest.arrays[name] or error(("the dump has no array '%s'"):format(name), 0)
  local kind = types[entry.dtype] or error(("array '%s' has type %s"):format(name, entry.dtype), 0)
  return tensor.raw(self.options.dump .. "/" .. entry.file, entry.shape, { type = kind })
end

--- Compares a result with a reference array and keeps the largest error.
---@param what string
---@param got Tensor|number
---@param reference string|Tensor  name of an array of the dump, or a part of one
---@param tolerance number
---@param scale "each"|"largest"|"absolute"|nil  relative to each entry (default), to the largest of the array, or not at all
function Benchmark:check(what, got, reference, tolerance, scale)
  local wanted = (type(reference) == "string" and self:array(reference) or reference):double():reshape(-1)
  if type(got) == "number" then got = tensor(got, { dtype = "float64" }) end
  local difference = (got:detach():double():reshape(-1) - wanted):abs()
  local size = scale == "absolute" and 1 or (scale == "largest" and wanted:abs():max() or wanted:abs()):maximum(1e-300)
  local worst = (difference / size):max():item()
  self.errors[what] = worst
  if not (worst <= tolerance) then
    error(("%s is off by %.3g from %s; at most %g is allowed"):format(what, worst, tostring(reference), tolerance), 0)
  end
end

local function status(field)
  local file <close> = assert(io.open "/proc/self/status")
  return tonumber(file:read "a":match(field .. ":%s*(%d+)")) / 1024
end

--- Seconds a call of `body`: samples of `inner` calls each, after a warm-up.
---@param body function
---@param how { inner: integer?, warmup: integer?, samples: integer? }
---@return table  median_s, min_s, max_s, samples, inner, rss_before_mib, and rss_peak_mib of the timed part
function Benchmark:time(body, how)
  local inner, seconds = how.inner or 1, {}
  for _ = 1, how.warmup or 1 do body() end
  collectgarbage()
  local before = status "VmRSS"
  -- The kernel's mark of the peak starts anew, so that it covers the timed work alone.
  local mark = io.open("/proc/self/clear_refs", "w")
  if mark then mark:write "5" mark:close() end
  for i = 1, self.options.samples > 0 and self.options.samples or how.samples or 9 do
    local start = flux.seconds()
    for _ = 1, inner do body() end
    seconds[i] = (flux.seconds() - start) / inner
  end
  table.sort(seconds)
  local n = #seconds
  return {
    median_s = (seconds[(n + 1) // 2] + seconds[n // 2 + 1]) / 2, min_s = seconds[1], max_s = seconds[n],
    samples = n, inner = inner, rss_before_mib = before, rss_peak_mib = status "VmHWM",
  }
end

local function line(command)
  local pipe = io.popen(command .. " 2>/dev/null")
  local text = pipe and pipe:read "l"
  if pipe then pipe:close() end
  return text
end

--- Prints one line, and writes --json.
---@param result table   what `time` gave
---@param problem table  the size of the problem
function Benchmark:report(result, problem)
  local file <close> = assert(io.open "/proc/cpuinfo")
  result.case, result.threads, result.problem, result.errors = self.case, flux.threads(), problem, self.errors
  result.cpu = file:read "a":match "model name%s*:%s*([^\n]+)"
  result.commit = line("git -C " .. (arg[0]:match "^(.*)/" or ".") .. " rev-parse --short HEAD")
  result.version = flux.version
  print(("%s  t=%d  median %.6g s  min %.6g  max %.6g  samples %d  peak %.0f MiB"):format(
    self.case, result.threads, result.median_s, result.min_s, result.max_s, result.samples, result.rss_peak_mib))
  if self.options.json ~= "" then flux.json.write(self.options.json, result) end
end

---@param case string
---@param own table?  options of the case beside those of all, with their defaults
return function(case, own)
  local allowed = { dump = "", threads = 1, json = "", samples = 0 }
  for name, default in pairs(own or {}) do allowed[name] = default end
  local o = options(allowed)
  if o.dump == "" then
    io.stderr:write(arg[0], ": --dump DIR is missing: the folder that `CASE.py --dump DIR` of the peers wrote\n")
    os.exit(2)
  end
  flux.threads(math.tointeger(o.threads))
  return setmetatable({ case = case, options = o, manifest = flux.json.read(o.dump .. "/manifest.json"), errors = {} }, Benchmark)
end
