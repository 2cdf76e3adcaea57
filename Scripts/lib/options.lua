-- Command-line options of a script: --name value, or --name alone for true.
--
-- Use:  local o, rest = require "options" { seed = 1, full = false, json = "" }
--
--       local o = require "options" ({ folds = 5, bridge = "sparse" }, { folds = 2, bridge = { "sparse", "exact" } })
--
-- The defaults name what is allowed and decide the type of each value; the rules, where given, allow whole numbers from
-- a least one, or the strings of a list, and nothing beside the options. --help prints the script's opening comment.

---@param defaults table  name → default; underscores stand for hyphens
---@param rules table?  name → least whole number, or list of strings
---@return table options  with every default filled in
---@return string[] rest  what is no option, in order
return function(defaults, rules)
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

  local function help()
    for line in io.lines(arg[0]) do
      local text = line:match "^%-%- ?(.*)"
      if not text then break end
      print(text)
    end
    os.exit(0)
  end

  while arg[i] do
    if arg[i] == "--help" then help() end
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
  for name, rule in pairs(rules or {}) do
    local value, given = options[name], "--" .. name:gsub("_", "-") .. " " .. tostring(options[name])
    if type(rule) == "table" then
      local allowed = false
      for _, word in ipairs(rule) do allowed = allowed or word == value end
      if not allowed then fail(given .. ": wants " .. table.concat(rule, " or ")) end
    else
      options[name] = math.tointeger(value) or fail(given .. ": wants a whole number")
      if value < rule then fail(given .. ": wants at least " .. rule) end
    end
  end
  if rules and rest[1] then fail("unexpected '" .. rest[1] .. "'") end
  if rules and (options.json or "") ~= "" then
    local file, message = io.open(options.json, "a")
    if file then file:close() else fail("--json cannot be written: " .. message) end
  end
  return options, rest
end
