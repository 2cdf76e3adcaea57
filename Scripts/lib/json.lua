-- Writes Lua values as JSON: tables with [1] become lists, others objects with sorted keys; NaN becomes null.
--
-- Use:  require "json".write("out.json", { seconds = 12.5 })

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

return json
