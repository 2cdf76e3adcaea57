-- Command-line options of a script: --name value, or --name alone for true.
--
-- Use:  local o, rest = require "options" { seed = 1, full = false, json = "" }
--
-- The defaults name what is allowed and decide the type of each value.

---@param defaults table  name → default; underscores stand for hyphens
---@return table options  with every default filled in
---@return string[] rest  what is no option, in order
return function(defaults)
  local options, rest, i = {}, {}, 1
  for name, value in pairs(defaults) do options[name] = value end

  local function fail(message)
    io.stderr:write(arg[0], ": ", message, "\n")
    local names = {}
    for name in pairs(defaults) do names[#names + 1] = "--" .. name:gsub("_", "-") end
    table.sort(names)
    io.stderr:write("  Valid: ", table.concat(names, " "), "\n")
    os.exit(2)
  end

  while arg[i] do
    local name = arg[i]:match("^%-%-(.+)$")
    if not name then
      rest[#rest + 1] = arg[i]
    else
      local key = name:gsub("-", "_")
      local default = defaults[key]
      if default == nil then fail("unknown option --" .. name) end
      if type(default) == "boolean" then
        options[key] = true
      else
        i = i + 1
        local value = arg[i]
        if value == nil then fail("--" .. name .. " wants a value") end
        if type(default) == "number" then
          value = tonumber(value) or fail("--" .. name .. " wants a number, not '" .. arg[i] .. "'")
        end
        options[key] = value
      end
    end
    i = i + 1
  end
  return options, rest
end
