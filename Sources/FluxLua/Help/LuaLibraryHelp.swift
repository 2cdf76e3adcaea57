/// One line about each function of Lua's own library, so that `?string.format` answers too.
/// After the reference manual of Lua 5.4, https://www.lua.org/manual/5.4/manual.html#6.
enum LuaLibraryHelp {
  struct Entry: Sendable {
    let name, signature, summary: String
  }

  static let entries: [Entry] = lines.split(separator: "\n").compactMap { line in
    guard let bar = line.firstIndex(of: "|"), let open = line.firstIndex(of: "(") else { return nil }
    return Entry(
      name: String(line[..<open]), signature: String(line[open..<bar].dropLast()), summary: String(line[line.index(bar, offsetBy: 2)...]))
  }

  /// `string.format(pattern, …) | text of values`.
  private static let lines = """
    assert(value, message?) | gives its arguments back, or raises the message when the value is false or nil
    collectgarbage(option?, argument?) | "collect" frees what is not used; "count" gives KiB in use
    dofile(path) | runs a file of Lua
    error(message, level?) | raises an error; level 2 blames the caller, 0 adds no place
    getmetatable(object) | its metatable, or the __metatable field of that
    ipairs(list) | for i, value in ipairs(list): items 1, 2, … up to the first nil
    load(chunk, name?, mode?, environment?) | compiles a text; nil and the message when it is not Lua
    loadfile(path, mode?, environment?) | compiles a file
    next(table, key?) | the key and value after this key, in no order; nil after the last
    pairs(table) | for key, value in pairs(table): everything, in no order
    pcall(f, …) | calls f; true and its results, or false and the error
    print(…) | writes its arguments, with tabs between
    rawequal(a, b) | whether both are the same, without metamethods
    rawget(table, key) | table[key] without metamethods
    rawlen(value) | #value without metamethods
    rawset(table, key, value) | table[key] = value without metamethods
    require(name) | loads a module once: beside the script, in Scripts/lib, then along package.path
    select(n, …) | the arguments from number n on; "#" counts them
    setmetatable(table, metatable) | gives a table its metatable, and the table back
    tonumber(value, base?) | as a number, or nil
    tostring(value) | as text
    type(value) | "nil", "number", "string", "boolean", "table", "function", "thread" or "userdata"
    warn(message, …) | a warning; "@on" and "@off" switch them
    xpcall(f, handler, …) | as pcall, with a function that turns the error into another
    coroutine.close(co) | ends a coroutine that is not running, and its <close> variables
    coroutine.create(f) | a new coroutine
    coroutine.isyieldable(co?) | whether it can yield
    coroutine.resume(co, …) | goes on with it; true and what it yields, or false and the error
    coroutine.running() | the running coroutine, and whether it is the main one
    coroutine.status(co) | "running", "suspended", "normal" or "dead"
    coroutine.wrap(f) | a coroutine as a function to call
    coroutine.yield(…) | back to whoever resumed, with these values
    debug.getinfo(f, what?) | where a function or level was defined and is
    debug.getlocal(level, i) | name and value of a local variable
    debug.traceback(message?, level?) | the calls that led here, as text
    io.close(file?) | closes a file
    io.input(file?) | the file that io.read reads
    io.lines(path, …) | for line in io.lines(path): its lines
    io.open(path, mode?) | opens a file: "r", "w", "a", "rb", …; nil and the message on failure
    io.output(file?) | the file that io.write writes
    io.popen(command, mode?) | a program's output or input as a file
    io.read(…) | "l" a line, "n" a number, "a" everything, or so many bytes
    io.tmpfile() | a temporary file
    io.type(value) | "file", "closed file" or nil
    io.write(…) | writes text and numbers as they are
    math.abs(x) | without its sign
    math.acos(x) | arc cosine, radians
    math.asin(x) | arc sine, radians
    math.atan(y, x?) | arc tangent of y/x, radians, in the right quadrant
    math.ceil(x) | the smallest integer that is not smaller
    math.cos(x) | cosine of radians
    math.deg(x) | radians to degrees
    math.exp(x) | eˣ
    math.floor(x) | the largest integer that is not larger
    math.fmod(x, y) | remainder, rounded towards zero
    math.log(x, base?) | natural logarithm, or to a base
    math.max(x, …) | the largest
    math.min(x, …) | the smallest
    math.modf(x) | integral and fractional part
    math.rad(x) | degrees to radians
    math.random(m?, n?) | uniform in [0,1), or an integer of 1…m or m…n; tensor.rand draws tensors
    math.randomseed(x?, y?) | the seed of math.random
    math.sin(x) | sine of radians
    math.sqrt(x) | square root
    math.tan(x) | tangent of radians
    math.tointeger(x) | as an integer when it is one, or nil
    math.type(x) | "integer", "float" or nil
    math.ult(m, n) | m < n as unsigned integers
    os.clock() | processor time used, s
    os.date(format?, time?) | a date as text, or as a table for "*t"
    os.difftime(b, a) | b − a, s
    os.execute(command?) | runs a command of the shell; an interrupt ends it, and what called it
    os.exit(code?, close?) | ends the program
    os.getenv(name) | a variable of the environment, or nil
    os.remove(path) | deletes a file
    os.rename(old, new) | renames a file
    os.setlocale(locale?, category?) | the locale
    os.time(table?) | seconds since 1970
    os.tmpname() | a name for a temporary file
    package.searchpath(name, path) | the file that require would load
    string.byte(s, i?, j?) | character codes
    string.char(…) | text of character codes
    string.dump(f) | a function as bytecode, which load refuses here
    string.find(s, pattern, from?, plain?) | first and last place of a match, and its captures
    string.format(pattern, …) | text of values as in C: "%5.2f", "%d", "%s", "%q"
    string.gmatch(s, pattern, from?) | for match in s:gmatch(pattern): each match
    string.gsub(s, pattern, replacement, n?) | with matches replaced by a text, table or function; and how many
    string.len(s) | bytes
    string.lower(s) | in small letters
    string.match(s, pattern, from?) | the captures of the first match
    string.pack(format, …) | values as bytes
    string.packsize(format) | bytes of that format
    string.rep(s, n, separator?) | n times
    string.reverse(s) | backwards
    string.sub(s, i, j?) | from byte i to j; negative from the end
    string.unpack(format, s, from?) | values from bytes
    string.upper(s) | in capitals
    table.concat(list, separator?, i?, j?) | the items as one text
    table.insert(list, position?, value) | adds an item, at the end by default
    table.move(from, i, j, at, to?) | copies items i…j to position at
    table.pack(…) | a list of its arguments, with their number n
    table.remove(list, position?) | takes an item out, the last by default
    table.sort(list, less?) | in place
    table.unpack(list, i?, j?) | the items as several values
    utf8.char(…) | text of code points
    utf8.codepoint(s, i?, j?) | code points
    utf8.codes(s) | for place, code in utf8.codes(s)
    utf8.len(s, i?, j?) | characters; nil and the place when it is not UTF-8
    utf8.offset(s, n, i?) | the byte where character n begins
    """

  /// The entry of a function of Lua's, found by its name.
  static func entry(named name: String) -> Entry? { entries.first { $0.name == name } }

  /// All functions of one of Lua's tables: `string`.
  static func section(_ name: String) -> String? {
    let own = entries.filter { $0.name.hasPrefix(name + ".") }
    guard !own.isEmpty else { return nil }
    return "\(name): of Lua's library\n" + own.map { "  \($0.name)\($0.signature)\n      \($0.summary)" }.joined(separator: "\n")
  }
}
