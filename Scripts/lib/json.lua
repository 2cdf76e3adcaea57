-- JSON, both ways. Written: tables with [1] become lists, others objects with sorted keys; NaN becomes null.
-- Read: objects and lists become tables, null becomes nil.
--
-- Use:  require "json".write("out.json", { seconds = 12.5 })
--       local manifest = require "json".read("manifest.json")

local json = {}

local escapes = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

---@param value any
---@param indent string?
---@return string
function json.encode(value, indent)
  indent = indent or ""
  local deeper, kind = indent .. "  ", type(value)
  if kind == "number" then
    if value ~= value or value == math.huge or value == -math.huge then return "null" end
    return math.type(value) == "integer" and tostring(value) or string.format("%.10g", value)
  elseif kind == "boolean" then
    return tostring(value)
  elseif kind == "string" then
    return '"' .. value:gsub('[%c"\\]', function(c) return escapes[c] or string.format("\\u%04x", c:byte()) end) .. '"'
  elseif kind == "table" then
    local parts = {}
    if value[1] ~= nil then
      for _, item in ipairs(value) do parts[#parts + 1] = json.encode(item, deeper) end
      return "[" .. table.concat(parts, ", ") .. "]"
    end
    local keys = {}
    for key in pairs(value) do keys[#keys + 1] = tostring(key) end
    table.sort(keys)
    for _, key in ipairs(keys) do
      parts[#parts + 1] = deeper .. json.encode(key) .. ": " .. json.encode(value[key], deeper)
    end
    return #parts == 0 and "{}" or "{\n" .. table.concat(parts, ",\n") .. "\n" .. indent .. "}"
  end
  return "null"
end

--- Writes beside the target and renames: the file appears whole or not at all.
---@param path string
---@param value any
function json.write(path, value)
  local part = path .. ".part"
  local file = assert(io.open(part, "w"))
  file:write(json.encode(value), "\n")
  file:close()
  assert(os.rename(part, path))
end

local unescape = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

--- What a JSON text says.
---@param text string
---@return any
function json.decode(text)
  local at, value = 1, nil

  local function fail(expected) error(("JSON, byte %d: expected %s"):format(at, expected), 0) end
  local function take(pattern)
    local found, stop = text:match("^%s*(" .. pattern .. ")()", at)
    if found then at = stop end
    return found
  end

  local function quoted()
    if not take('"') then fail("a string") end
    local parts = {}
    while true do
      local plain, stop = text:match('^([^"\\]*)()', at)
      parts[#parts + 1], at = plain, stop
      local mark = text:sub(at, at)
      if mark == '"' then at = at + 1 return table.concat(parts) end
      local letter = text:sub(at + 1, at + 1)
      if mark ~= "\\" or letter == "" then fail("the end of a string") end
      local code = letter == "u" and tonumber(text:sub(at + 2, at + 5), 16)
      parts[#parts + 1] = code and utf8.char(code) or unescape[letter] or letter
      at = at + (code and 6 or 2)
    end
  end

  local function members(close, item)
    if take(close) then return end
    repeat item() until not take(",")
    if not take(close) then fail("',' or '" .. close:sub(-1) .. "'") end
  end

  function value()
    local result
    if take("{") then
      result = {}
      members("}", function()
        local key = quoted()
        if not take(":") then fail("':'") end
        result[key] = value()
      end)
    elseif take("%[") then
      result = {}
      local count = 0
      members("%]", function() count = count + 1 result[count] = value() end)
    elseif text:match('^%s*"', at) then result = quoted()
    elseif take("true") then result = true
    elseif take("false") then result = false
    elseif not take("null") then
      result = tonumber(take("%-?[%d.eE+-]+") or fail("a value"))
    end
    return result
  end

  local result = value()
  if text:match("%S", at) then fail("the end") end
  return result
end

---@param path string
---@return any
function json.read(path)
  local file <close> = assert(io.open(path))
  return json.decode(file:read "a")
end

return json
