-- Behaviour of Lua 5.4 that a script may rely on, printed line by line. The tests run
-- this file under fluxbridge and under lua5.4 and compare the two outputs.
--
-- Left out: binary chunks, which fluxbridge refuses, and what differs between two runs
-- of one interpreter (addresses, the order of pairs, times, the collector's mode).

local section
local count = 0

local function show(value)
  if type(value) == "string" then return ("%q"):format(value) end
  if math.type(value) == "float" then return value ~= value and "nan" or ("%.14g%s"):format(value, value % 1 == 0 and " float" or "") end
  if type(value) == "table" or type(value) == "function" or type(value) == "thread" then return type(value) end
  return tostring(value)
end

local function check(name, ...)
  count = count + 1
  local values = table.pack(...)
  for i = 1, values.n do values[i] = show(values[i]) end
  print(("%s %s: %s"):format(section, name, table.concat(values, ", ")))
end

local function fails(name, f, ...) check(name, pcall(f, ...)) end

-- ---------------------------------------------------------------- integers and floats
section = "number"
check("division", 7 / 2, 6 / 2, 7 // 2, -7 // 2, 7 % 3, -7 % 3, 7 % -3, 7.5 // 2, -7.5 % 2, 5 % math.huge, -5 % math.huge)
check("zero", 1 / 0, -1 / 0, 0.0 == -0.0, 1 / -0.0, 0 / 0 ~= 0 / 0)
fails("integer division by zero", function() return 1 // 0 end)
fails("integer modulo by zero", function() return 1 % 0 end)
check("float division by zero", 1.0 // 0, 1 % math.huge)
check("wrapping", math.maxinteger + 1 == math.mininteger, math.mininteger * -1, math.maxinteger * 2, math.mininteger // -1, math.mininteger % -1)
check("power", 2 ^ 10, 2 ^ 0.5, (-8) ^ 2, 2 ^ -1, -2 ^ 2, 2 ^ 3 ^ 2)
check("kinds", math.type(1), math.type(1.0), math.type("1"), 1 == 1.0, math.type(3 // 1.0), math.type(2 ^ 2), math.type(10 // 2))
check("text", 1e15, 1e16, 1e100, 2 ^ 53, 2 ^ 63, 100.0, -0.0, 3.0, 0.1, 1e-7, 123456789012345)
check("tostring", tostring(1e15), tostring(2 ^ 53), tostring(-0.0), tostring(1e100), tostring(3 | 0), tostring(3.0), tostring(1 / 0), tostring(-1 / 0))
check("literals", 0xff, 0xA.8p1, 1e2, .5, 3., 0x.1p4, 0xffffffffffffffff, 9223372036854775807, 9223372036854775808)
check("bits", 5 & 3, 5 | 3, 5 ~ 3, ~0, 1 << 62, 1 << 63, 1 << 64, 1 >> 1, -1 >> 60, 1 << -1, 2.0 | 1)
fails("bits of a fraction", function() return 1.5 | 1 end)
fails("bits of a large float", function() return 2 ^ 63 | 0 end)
check("coercion", "10" + 5, "0x10" + 0, "3" * "4", 10 .. 20, "1e1" + 0, -"2", "10" // "3")
fails("text that is no number", function() return "abc" + 1 end)
check("comparison", 1 < 1.5, 1 <= 1.0, "a" < "b", "a" < "B", "" < "a", "Z" < "a", 2 ^ 53 == 2 ^ 53 + 1, math.maxinteger < math.huge, math.maxinteger + 0.0 == math.maxinteger)
fails("comparison of kinds", function() return 1 < "2" end)
fails("comparison of tables", function() return {} < {} end)
check("loops", (function() local n = 0 for i = 1, 3 do n = n + i end for i = 3, 1, -1 do n = n * 10 + i end for i = 1.0, 2, 0.5 do n = n + i end return n end)())
check("loop at the edge", (function() local n = 0 for i = math.maxinteger - 1, math.maxinteger do n = n + 1 end return n end)())
fails("loop step zero", function() for i = 1, 2, 0 do end end)
fails("loop over text", function() for i = "a", 2 do end end)

-- ---------------------------------------------------------------- math
section = "math"
check("rounding", math.floor(3.7), math.floor(-3.7), math.ceil(3.2), math.ceil(-3.2), math.floor(2 ^ 70), math.modf(3.7), math.modf(-3.7), math.modf(5), math.modf(math.huge))
check("fmod", math.fmod(7, 3), math.fmod(-7, 3), math.fmod(7, -3), math.fmod(5.5, 2))
fails("fmod by zero", math.fmod, 1, 0)
check("tointeger", math.tointeger(3.0), math.tointeger(3.5), math.tointeger("8"), math.tointeger({}), math.tointeger(2 ^ 63))
check("extremes", math.max(1, 2.5, -1), math.min(3, 1, 2), math.max(1, 1.0), math.maxinteger, math.mininteger, math.pi)
check("ult", math.ult(1, -1), math.ult(-1, 1), math.abs(math.mininteger), math.abs(-3), math.abs(-3.5))
check("logarithms", math.log(8, 2), math.log(100, 10), math.log(math.exp(1)), math.log(27, 3), math.sqrt(16), math.exp(0))
check("angles", math.sin(0), math.cos(0), math.atan(1, -1), math.atan(1), math.deg(math.pi), math.rad(180), math.asin(1), math.acos(1), math.tan(0))
math.randomseed(42)
local first = { math.random(100), math.random(100), math.random(100), math.random() }
math.randomseed(42)
check("random repeats", first[1] == math.random(100), first[2] == math.random(100), first[3] == math.random(100), first[4] == math.random())
check("random draws", (function() math.randomseed(7) return math.random(1, 6), math.random(1, 6), math.random(0) ~= nil, math.random(3, 3) end)())
fails("random interval", math.random, 2, 1)
fails("no number", math.floor, "x")

-- ---------------------------------------------------------------- string
section = "string"
check("sub", ("hello"):sub(2, 3), ("hello"):sub(-3), ("hello"):sub(2), ("hello"):sub(0), ("hello"):sub(10), ("hello"):sub(-100, 2), ("hello"):sub(3, 2))
check("byte and char", ("A\0é"):byte(1, -1), string.char(72, 105), #"\0a\0", ("x"):byte(5))
check("rep", ("ab"):rep(3), ("ab"):rep(3, "-"), ("ab"):rep(0), ("ab"):rep(-1), ("abc"):reverse(), ("aBc"):upper(), ("aBc"):lower(), ("abc"):len())
check("find", ("hello"):find("l"), ("hello"):find("l", 4), ("hello"):find("xyz"), ("a.b"):find(".", 1, true), ("a.b"):find("%."), ("hello"):find(""), ("hello"):find("", 10), ("hello"):find("(l)(l)"))
check("match", ("key = value"):match("^(%w+)%s*=%s*(%w+)$"), ("2026-11-21"):match("(%d+)-(%d+)-(%d+)"), ("abc"):match("()b()"), ("[[x]]"):match("%[(%b[])%]"), ("THE (quick) fox"):find("%((%a+)%)"), ("hello"):match(".-l"), ("x"):match("y"))
check("classes", ("a1 _-."):gsub("%w", "w"), ("a1 _-."):gsub("%W", "w"), ("\t\n x"):gsub("%s", "s"), ("aAzZ09"):gsub("[^%u%d]", "?"), ("x^y"):gsub("[%^]", "!"), ("a-z"):gsub("[a%-]", "0"), ("THE END"):gsub("%f[%a]%a+", string.lower))
check("gsub", ("hello world"):gsub("o", "0"), ("hello"):gsub("", "-"), ("abc"):gsub("%w", "%0%0"), ("abc"):gsub("(a)(b)", "%2%1"), ("$a $b"):gsub("%$(%w+)", { a = "1" }), ("abc"):gsub("b", function() return nil end), ("aaa"):gsub("a", "b", 2), ("abc"):gsub("b", "%%"))
fails("gsub with a bad escape", string.gsub, "a", "a", "%2")
fails("malformed pattern", string.find, "a", "[a")
fails("unfinished capture", string.match, "a", "(a")
check("gmatch", (function() local words = {} for word, n in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do words[#words + 1] = word .. n end return table.concat(words, ";") end)())
check("gmatch from", (function() local found = {} for d in ("1 2 3"):gmatch("%d", 3) do found[#found + 1] = d end return table.concat(found) end)())
check("anchored gmatch", (function() local n = 0 for _ in ("aaa"):gmatch("^a") do n = n + 1 end return n end)())
check("format", ("%d %5d|%-5d|%05d %+d"):format(3, 4, 5, 6, 7), ("%5.2f %g %e %.3g"):format(math.pi, 1e20, 12345.678, 0.00012345), ("%s %10s|%-10s| %.2s"):format(true, "r", "l", "cut"), ("%x %X %#x %o %c %%"):format(255, 255, 255, 8, 65), ("%q"):format("a\n\"\\\0001"), ("%q"):format(1 / 3), ("%i"):format(3.0), ("%a"):format(1))
fails("format without a value", string.format, "%d")
fails("format of a fraction as integer", string.format, "%d", 1.5)
fails("format of a bad conversion", string.format, "%y", 1)
check("format with __tostring", ("%s"):format(setmetatable({}, { __tostring = function() return "mine" end })))
check("pack", string.pack("<i4", 100), string.unpack("<i4", string.pack("<i4", -2)), string.unpack(">I2", "\1\2"), string.packsize("<i4i8"), string.unpack("z", "ab\0c"), string.unpack("<s1", "\3abc"), string.unpack("<d", string.pack("<d", 1.5)))
check("escapes", "\65\x41\u{41}\z
       x", '\'', "\"", [[
line]], [==[a]]b]==], "\u{7FFFFFFF}" == "\xFD\xBF\xBF\xBF\xBF\xBF", #"\u{20AC}")
check("concatenation", 1 .. "", 1.0 .. "", -0.0 .. "", 2 ^ 63 .. "", "a" .. "b" .. "c")
fails("concatenation with nil", function() local x return "a" .. x end)
check("tonumber", tonumber("0x1p4"), tonumber("  12  "), tonumber("1e"), tonumber("10", 2), tonumber("zz", 36), tonumber("8", 8), tonumber(""), tonumber("0x"), tonumber("1 2"), tonumber("-0x10"), tonumber("1e309"), tonumber(nil))
check("index of a string", ("x").len == string.len, ("x").y)
check("length of text", #"äö", utf8.len("äö"), utf8.char(228, 8364), utf8.codepoint("€", 1), utf8.offset("aé€", 3), utf8.len("\xff"))
check("utf8 codes", (function() local codes = {} for place, code in utf8.codes("aé€") do codes[#codes + 1] = place .. ":" .. code end return table.concat(codes, " ") end)())
fails("invalid utf8", utf8.codepoint, "\xff")

-- ---------------------------------------------------------------- table
section = "table"
check("insert and remove", (function() local t = { 1, 2, 3 } table.insert(t, 4) table.insert(t, 1, 0) local r = table.remove(t) local f = table.remove(t, 1) return r, f, table.concat(t, ","), table.remove({}), table.remove({}, 0) end)())
fails("insert beyond the end", table.insert, { 1 }, 5, 2)
fails("insert with too many arguments", table.insert, { 1 }, 1, 2, 3)
check("concat", table.concat({}), table.concat({ 1, 2.5, "x" }, ", "), table.concat({ 1, 2, 3 }, "-", 2, 3), table.concat({ 1, 2, 3 }, "", 3, 2))
fails("concat of a table", table.concat, { 1, {} })
check("unpack", table.unpack({ 1, 2, nil, 4 }, 1, 4), (table.unpack({ 1, 2 })), table.unpack({ 1, 2 }, 2), table.unpack({}, 1, 2), select("#", table.unpack({}, 1, 3)))
fails("unpack of too much", table.unpack, {}, 1, 1e8)
check("pack", (function(...) local t = table.pack(...) return t.n, #table.pack(), t[2] end)(1, nil, 3))
check("select", select(2, "a", "b", "c"), select(-1, "a", "b"), select("#"), select("#", nil, nil))
fails("select of 0", select, 0)
check("move", table.concat(table.move({ 1, 2, 3 }, 1, 3, 2), ","), table.concat(table.move({ 1, 2, 3 }, 2, 3, 1), ","), table.concat(table.move({ 1, 2 }, 1, 2, 1, {}), ","))
check("sort", (function() local t = { 5, 2, 8, 1, 9, 3 } table.sort(t) local up = table.concat(t, " ") table.sort(t, function(a, b) return a > b end) return up, table.concat(t, " ") end)())
check("sort of words", (function() local t = { "pear", "Apple", "fig" } table.sort(t) return table.concat(t, " ") end)())
fails("sort of kinds", table.sort, { 1, "a" })
fails("sort without order", function() local t = {} for i = 1, 100 do t[i] = i % 7 end table.sort(t, function() return true end) end)
check("length", #{ 1, 2, 3 }, #{ n = 1 }, #{}, #{ nil, nil, 3 } >= 0)
check("constructor", (function() local t = { 1, [2] = "x", 2, a = 3, ["b c"] = 4, [1.0] = "z"; (function() return 5, 6 end)() } return t[1], t[2], t[3], t[4], t.a, t["b c"] end)())
check("keys", (function() local t = {} t[1.0] = "int" t[2 ^ 53] = "big" t["1"] = "text" return t[1], t["1"], t[2 ^ 53 | 0], t[1.5] end)())
fails("key nil", function() local t = {} t[nil] = 1 end)
fails("key nan", function() local t = {} t[0 / 0] = 1 end)
check("next", next({}), next({ 7 }), (function() local n = 0 for _ in pairs({ 1, 2, x = 3 }) do n = n + 1 end return n end)(), rawlen({ 1, 2 }), rawlen("abc"), rawequal("a", "a"), rawget({ x = 1 }, "x"))
fails("next of an unknown key", next, {}, 1)
check("ipairs stops", (function() local n = 0 for _ in ipairs({ 1, 2, nil, 4 }) do n = n + 1 end return n end)())
check("deleting while walking", (function() local t = {} for i = 1, 100 do t[i] = i end for k in pairs(t) do t[k] = nil end return next(t) end)())

-- ---------------------------------------------------------------- metatables
section = "metatable"
local V = {}
V.__index = V
local function vector(x) return setmetatable({ x = x }, V) end
for _, name in ipairs { "add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr", "concat" } do
  V["__" .. name] = function(a, b) return name .. (type(a) == "table" and a.x or tostring(a)) .. (type(b) == "table" and b.x or tostring(b)) end
end
V.__unm = function(a) return "unm" .. a.x end
V.__bnot = function(a) return "bnot" .. a.x end
V.__len = function(a) return a.x * 2 end
V.__eq = function(a, b) return a.x == b.x end
V.__lt = function(a, b) return a.x < b.x end
V.__le = function(a, b) return a.x <= b.x end
V.__call = function(self, ...) return self.x, select("#", ...), ... end
V.__tostring = function(a) return "V(" .. a.x .. ")" end
V.__name = "Vector"
local a, b = vector(1), vector(2)
check("arithmetic", a + b, a - 1, 2 * a, a / b, a % b, a ^ b, a // b, -a)
check("bitwise", a & b, a | 1, 1 ~ a, a << b, a >> b, ~a)
check("others", a .. b, a .. "s", 1 .. a, #b, a(1, nil), tostring(a), a == vector(1), a ~= b, a < b, a <= b, a > b, a >= b, a == 1)
check("index", setmetatable({}, { __index = { y = 1 } }).y, setmetatable({}, { __index = function(_, k) return k .. "!" end }).z, rawget(setmetatable({}, { __index = { y = 1 } }), "y"))
check("newindex", (function() local log = {} local t = setmetatable({}, { __newindex = function(t, k, v) log[1] = k rawset(t, k, v * 2) end }) t.a = 1 t.a = 5 return t.a, log[1] end)())
check("inheritance", (function() local A = {} A.__index = A function A:name() return "A" .. self.n end local B = setmetatable({}, { __index = A }) B.__index = B return setmetatable({ n = 1 }, B):name() end)())
check("protected", getmetatable(setmetatable({}, { __metatable = "locked" })), getmetatable("").__index == string)
fails("changing a protected one", setmetatable, setmetatable({}, { __metatable = 1 }), {})
fails("no metamethod", function() return {} + 1 end)
fails("calling a table", function() local t = {} t() end)
fails("calling a field", function() local t = { a = {} } t.a.b() end)
fails("indexing a number", function() local n = 1 return n.x.y end)
fails("assigning to a field of nil", function() local t = {} t.x.y = 1 end)
fails("loop of __index", function() local t = setmetatable({}, {}) getmetatable(t).__index = t return t.x end)
check("pairs", (function() local t = setmetatable({}, { __pairs = function(t) return function(_, k) if not k then return 1, "one" end end, t, nil end }) local out = {} for k, v in pairs(t) do out[#out + 1] = k .. v end return table.concat(out) end)())
check("weak", (function() local t = setmetatable({}, { __mode = "v" }) t[1] = {} t[2] = "text" collectgarbage() return t[1], t[2] end)())
check("finaliser", (function() local log = {} do local x = setmetatable({}, { __gc = function() log[1] = "collected" end }) x = nil end collectgarbage() return log[1] end)())

-- ---------------------------------------------------------------- functions, goto, scopes
section = "control"
check("varargs", (function(...) local x, y = ... return x, y, select("#", ...), (...) end)(1, 2, 3))
check("adjusting", (function() local function three() return 1, 2, 3 end local t = { three(), three() } local x, y, z, w = three() return #t, x, y, z, w, (three()) end)())
check("goto continue", (function() local out = {} for i = 1, 5 do if i % 2 == 0 then goto continue end out[#out + 1] = i ::continue:: end return table.concat(out, ",") end)())
check("goto back", (function() local i = 0 ::top:: i = i + 1 if i < 4 then goto top end return i end)())
check("goto out of nested loops", (function() for i = 1, 3 do for j = 1, 3 do if i * j == 4 then goto found end end end ::found:: return "found" end)())
check("goto makes new locals", (function() local fs = {} do local i = 1 ::again:: local x = i fs[i] = function() return x end i = i + 1 if i <= 3 then goto again end end return fs[1](), fs[2](), fs[3]() end)())
check("bad goto", load("goto nowhere"), load("do local x ::a:: end goto a"), load("goto f local x ::f:: print(x)"), load("::a:: ::a::"))
check("closures", (function() local fs = {} for i = 1, 3 do fs[i] = function() i = i + 10 return i end end return fs[1](), fs[1](), fs[2]() end)())
check("repeat sees its locals", (function() local n = 0 repeat local done = n >= 2 n = n + 1 until done return n end)())
check("const", load("local x <const> = 1 x = 2"), load("local x <unknown> = 1"))
check("integer for", (function() for i = 1, 3 do local j = i i = 10 if j == 3 then return i, j end end end)())
check("short circuit", nil and 1, false or nil, 1 and 2, nil or "d", not nil, not 0, false == nil)
check("tail calls", (function() local function f(n) if n == 0 then return "deep" end return f(n - 1) end return f(200000) end)())
fails("stack overflow", function() local function f() return 1 + f() end local ok, message = pcall(f) error(message:match("stack overflow"), 0) end)
check("environment", (function() local f = load("x = 1 return x, _ENV.x", "chunk", "t", {}) return f() end)(), x)
check("load", load("return 1 + 1")(), load("return ...", "c")(7), load(function() return nil end), (load("return =")))
check("load message", select(2, load("x = = 1", "=name")), select(2, load("x =", "@file.lua")), select(2, load("for", "some text")), select(2, load("'abc")))
check("load in pieces", (function() local parts, i = { "return ", "4", "2" }, 0 return load(function() i = i + 1 return parts[i] end)() end)())
check("numbers of lines", select(2, load("\n\n\nx = }", "=c")), select(2, pcall(load("\nerror 'here'", "=c"))))

-- ---------------------------------------------------------------- errors
section = "error"
fails("text", error, "plain")
fails("with place", function() error("placed") end)
fails("level 2", function() local function f() error("caller", 2) end f() end)
fails("level 0", function() error("bare", 0) end)
fails("nil", error)
check("a table", select(2, pcall(error, { code = 7 })).code)
check("an object", tostring(select(2, pcall(error, setmetatable({}, { __tostring = function() return "object" end })))))
check("assert", pcall(assert, false, "no"), pcall(assert, nil), pcall(assert, 1, 2, 3), select("#", assert(1, 2, 3)))
check("pcall of nothing", pcall(error, nil), pcall(nil))
check("xpcall", xpcall(function() error("x", 0) end, function(m) return m .. "!" end), xpcall(function(...) return ... end, print, 1, 2))
check("xpcall handler sees the stack", (select(2, xpcall(function() local y = nil + 1 end, debug.traceback)):match("stack traceback")))
check("error in a handler", (xpcall(error, function() error("again") end, "x")))
check("nested", pcall(pcall, error, "x"))
fails("argument of a library function", ("x").rep)
fails("argument of a method", function() return ("x"):rep({}) end)
fails("name of a local", function() local missing missing() end)
fails("name of a global", function() unsetglobal1234() end)
fails("name of a field", function() return string.nofunction() end)
fails("name of an upvalue", function() return section.x.y end)
fails("arithmetic on a field", function() local t = {} return t.x + 1 end)
fails("a float without integer", function() return ("x"):rep(1.5) end)
check("error through a coroutine", coroutine.resume(coroutine.create(function() error("inside") end)))
check("warn is silent", warn("@off"))

-- ---------------------------------------------------------------- <close>
section = "close"
local function closer(log, name) return setmetatable({}, { __close = function(_, e) log[#log + 1] = name .. (e and ":" .. tostring(e) or "") end }) end
check("order", (function() local log = {} do local x <close> = closer(log, "x") local y <close> = closer(log, "y") log[1] = "body" end return table.concat(log, " ") end)())
check("on return", (function() local log = {} local function f() local x <close> = closer(log, "x") return "value", #log end return f(), log[1] end)())
check("on error", (function() local log = {} pcall(function() local x <close> = closer(log, "x") error("oops", 0) end) return log[1] end)())
check("on break", (function() local log = {} for i = 1, 3 do local x <close> = closer(log, "x" .. i) if i == 2 then break end end return table.concat(log, " ") end)())
check("on goto", (function() local log = {} do local x <close> = closer(log, "x") goto out end ::out:: return log[1] end)())
check("error in close", (function() local log = {} local ok, e = pcall(function() local x <close> = closer(log, "x") local y <close> = setmetatable({}, { __close = function() error("in close", 0) end }) end) return ok, e, log[1] end)())
check("nil and false", (function() local x <close> = nil local y <close> = false return "fine" end)())
fails("not closable", function() local x <close> = 42 end)
check("generic for closes", (function() local log = {} for i in function(_, k) k = (k or 0) + 1 if k < 3 then return k end end, nil, nil, closer(log, "for") do log[#log + 1] = tostring(i) end return table.concat(log, " ") end)())
check("coroutine.close", (function() local log = {} local co = coroutine.create(function() local x <close> = closer(log, "x") coroutine.yield() end) coroutine.resume(co) return coroutine.close(co), log[1], coroutine.status(co) end)())
check("wrap closes on error", (function() local log = {} pcall(coroutine.wrap(function() local x <close> = closer(log, "x") error("e", 0) end)) return log[1] end)())
check("yield in close", (function() local co = coroutine.wrap(function() local x <close> = setmetatable({}, { __close = function() coroutine.yield("closing") end }) return "done" end) return co(), co() end)())

-- ---------------------------------------------------------------- coroutines
section = "coroutine"
check("values", (function() local co = coroutine.create(function(p, q) local r = coroutine.yield(p + q) local s, u = coroutine.yield(r * 2) return s, u, "end" end) return coroutine.resume(co, 1, 2) end)())
check("to and fro", (function() local co = coroutine.wrap(function(x) while true do x = coroutine.yield(x * 2) end end) return co(1), co(5), co(7) end)())
check("status", (function() local inner local co = coroutine.create(function() inner = coroutine.status(coroutine.running()) coroutine.yield() end) local before = coroutine.status(co) coroutine.resume(co) local middle = coroutine.status(co) coroutine.resume(co) return before, inner, middle, coroutine.status(co) end)())
check("normal", (function() local outer local co = coroutine.create(function() local own = outer return coroutine.wrap(function() return coroutine.status(own) end)() end) outer = co return coroutine.resume(co) end)())
check("resume of the dead", (function() local co = coroutine.create(function() end) coroutine.resume(co) return coroutine.resume(co) end)())
check("resume of itself", coroutine.resume(coroutine.running()))
check("running", select(2, coroutine.running()), coroutine.isyieldable(), coroutine.wrap(function() return coroutine.isyieldable(), select(2, coroutine.running()) end)())
fails("yield outside", coroutine.yield)
fails("call of the dead", (function() local f = coroutine.wrap(function() end) f() return f end)())
fails("wrap adds the place", coroutine.wrap(function() error("inside") end))
fails("wrap keeps a table", function() local ok, e = pcall(coroutine.wrap(function() error({ 1 }) end)) error(type(e), 0) end)
check("yield through pcall", (function() local co = coroutine.wrap(function() local ok, v = pcall(function() return coroutine.yield("in") + 1 end) coroutine.yield(v) local bad, m = pcall(function() coroutine.yield("x") error("late", 0) end) return bad, m end) return co(), co(41), co(), co() end)())
check("yield through xpcall", (function() local co = coroutine.wrap(function() return xpcall(function() return coroutine.yield(1) end, print) end) return co(), co("back") end)())
check("yield in metamethods", (function() local co = coroutine.wrap(function() local t = setmetatable({}, { __index = function(_, k) return coroutine.yield(k) end, __add = function() return coroutine.yield("add") end }) return t.key, t + 1 end) return co(), co("v"), co(3) end)())
check("yield in an iterator", (function() local co = coroutine.wrap(function() for i in function(_, k) k = (k or 0) + 1 if k < 3 then return coroutine.yield(k) end end do end return "over" end) return co(), co(1), co(nil) end)())
fails("yield across a C call", coroutine.wrap(function() table.sort({ 3, 2, 1 }, function() coroutine.yield() end) end))
check("generator", (function() local function range(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i, i * i) end end) end local out = {} for i, square in range(3) do out[#out + 1] = i .. "^" .. square end return table.concat(out, " ") end)())
check("many values", select("#", coroutine.resume(coroutine.create(function(...) return ... end), table.unpack({}, 1, 200))))
check("close states", coroutine.close(coroutine.create(print)), (function() local co = coroutine.create(function() error("e", 0) end) coroutine.resume(co) return coroutine.close(co) end)())
fails("close of the running", function() return coroutine.close(coroutine.running()) end)
fails("create without a function", coroutine.create, 1)
check("resume without a coroutine", pcall(coroutine.resume, 1))
check("deep resumes", (function() local function nest(n) if n == 0 then return "bottom" end return coroutine.wrap(function() return nest(n - 1) end)() end return nest(100) end)())
check("permutations", (function() local out = {} local function permute(t, n) if n == 0 then coroutine.yield(table.concat(t)) end for i = 1, n do t[n], t[i] = t[i], t[n] permute(t, n - 1) t[n], t[i] = t[i], t[n] end end for p in coroutine.wrap(function() permute({ "a", "b", "c" }, 3) end) do out[#out + 1] = p end return table.concat(out, " ") end)())

-- ---------------------------------------------------------------- io, os, debug, require
section = "system"
local path = os.tmpname()
check("write and read", (function() local f = assert(io.open(path, "w")) f:write("line 1\n", 2, " ", 3.5, "\nlast") f:close() local g = io.open(path) local l, n, m, r, e = g:read("l", "n", "n", "l", "a") g:close() return l, n, m, r, e end)())
check("lines", (function() local out = {} for line in io.lines(path) do out[#out + 1] = line end for word in io.lines(path, 4) do out[#out + 1] = word break end return table.concat(out, "|") end)())
check("seek", (function() local f = io.open(path) local size = f:seek("end") f:seek("set", 5) local c = f:read(1) f:close() return size, c, io.type(f), io.type(1) end)())
check("append and close", (function() do local f <close> = io.open(path, "a") f:write("!") end local f = io.open(path) local all = f:read("a") f:close() return all:sub(-5), pcall(f.read, f) end)())
check("missing file", (function() local f, m, code = io.open("/nowhere/at/all") return f, m, code end)())
fails("bad mode", io.open, path, "z")
fails("lines of nothing", io.lines, "/nowhere/at/all")
check("dofile", (function() local f = io.open(path, "w") f:write("#!shebang\nlocal a = ... return 'did', a") f:close() return dofile(path) end)(), loadfile(path)("arg"), (loadfile("/nowhere")))
check("require", (function() local f = io.open(path, "w") f:write("local name, file = ... return {name = name, loaded = (loaded or 0) + 1}") f:close() package.path = path .. ";" .. package.path package.loaded["some.module"] = nil local m, where = require("some.module") return m.name, where == path, require("some.module") == m end)())
fails("require of nothing", function() package.path = "./?.none" package.cpath = "" require("not.there") end)
package.preload["preloaded"] = function(name, extra) return name .. extra end
check("preload", require("preloaded"))
os.remove(path)
check("removed", (os.remove(path)), io.open(path) == nil)
check("time", os.time({ year = 2026, month = 11, day = 21, hour = 12 }) - os.time({ year = 2026, month = 11, day = 20, hour = 12 }), os.date("!%Y-%m-%d %H:%M:%S", 0), os.date("!*t", 86400).day, os.getenv("NO_SUCH_VARIABLE_HERE"))
check("debug", debug.getinfo(1, "l").currentline, debug.getinfo(print).what, debug.getinfo(1, "S").short_src:match("[^/]*$"), (function(p) local name, value = debug.getlocal(1, 1) return name, value end)(5), debug.getupvalue(function() return section end, 1))
check("hook", (function() local n = 0 debug.sethook(function() n = n + 1 end, "l") local x = 1
  x = 2
  debug.sethook() return n > 0, debug.gethook() end)())
check("collectgarbage", type(collectgarbage("count")), collectgarbage("isrunning"), collectgarbage("stop"), collectgarbage("isrunning"), collectgarbage("restart"), collectgarbage())
check("globals", (function() local names = {} for _, name in ipairs { "assert", "collectgarbage", "coroutine", "debug", "dofile", "error", "getmetatable", "io", "ipairs", "load", "loadfile", "math", "next", "os", "package", "pairs", "pcall", "print", "rawequal", "rawget", "rawlen", "rawset", "require", "select", "setmetatable", "string", "table", "tonumber", "tostring", "type", "utf8", "warn", "xpcall", "_G", "_VERSION" } do names[#names + 1] = type(_G[name]) end return table.concat(names, " ") end)())
for _, name in ipairs { "string", "table", "math", "coroutine", "io", "os", "utf8", "debug", "package" } do
  local names = {}
  for key, value in pairs(_G[name]) do names[#names + 1] = key .. ":" .. type(value) end
  table.sort(names)
  check("members of " .. name, table.concat(names, " "))
end
check("version", _VERSION, _G._G == _G, type(_ENV))

print(count .. " checks")
