-- Do tensors that nobody holds any more give their memory back in time?
--
-- Makes and drops a million small tensors (on the tape too), then ten thousand of 8 MB, and says how far the
-- program's memory rose above where it stood. Lua sees handles of a few bytes: without word of what
-- stands behind them its collector would let gigabytes pile up.
--
-- Use:  fluxbridge Scripts/checks/tensor_memory.lua [--small N] [--large N] [--limit MIB] [--json FILE]
--
-- Ends with status 1 when a loop needed more than the limit (default 1024 MiB).

local o, _ = require "options" { small = 1000000, large = 10000, limit = 1024, json = "" }

local function resident(field)
  local file <close> = assert(io.open "/proc/self/status")
  return tonumber(file:read "a":match(field .. ":%s*(%d+)")) / 1024
end

--- Runs a loop, and gives its seconds and the MiB that it needed at most.
local function watch(name, count, body)
  collectgarbage()
  local before, start = resident "VmRSS", flux.seconds()
  local mark = io.open("/proc/self/clear_refs", "w")
  if mark then mark:write "5" mark:close() end
  for i = 1, count do body(i) end
  local seconds, risen = flux.seconds() - start, resident "VmHWM" - before
  print(("%-24s %9d  %8.2f s  %8.1f ns each  %7.1f MiB at most"):format(name, count, seconds, seconds / math.max(count, 1) * 1e9, risen))
  return { count = count, seconds = seconds, risen_mib = risen }
end

local x = tensor.ones(10):requires_grad()
local results = {
  small = watch("small tensors", o.small, function(i) local t = tensor.full(10, i) + 1 end),
  tape = watch("small ones on the tape", o.small // 4, function() (x * 2 + 1):sum():backward() x:zero_grad() end),
  large = watch("tensors of 8 MB", o.large, function(i) local t = tensor.full(1 << 21, i) end),
}
if o.json ~= "" then flux.json.write(o.json, results) end
for name, result in pairs(results) do
  if result.risen_mib > o.limit then
    io.stderr:write(("%s: %.0f MiB, more than %g\n"):format(name, result.risen_mib, o.limit))
    os.exit(1)
  end
end
