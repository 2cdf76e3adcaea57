// The debug library without its doors into our objects: a metatable put on a
// foreign userdata, or a C function's upvalue replaced, would let a script
// write anywhere in memory.
#include "context.h"

// debug.getmetatable sees of an object what getmetatable sees.
static int guarded_getmetatable(lua_State *L) {
  luaL_checkany(L, 1);
  if (!lua_getmetatable(L, 1)) {
    lua_pushnil(L);
  } else if (lua_type(L, 1) == LUA_TUSERDATA && lua_getfield(L, -1, "__metatable") == LUA_TNIL) {
    lua_pop(L, 1);
  }
  return 1;
}

// Upvalue 1 is the original.
static int call_original(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  return lua_gettop(L);
}

static int guarded_setmetatable(lua_State *L) {
  if (lua_type(L, 1) == LUA_TUSERDATA) return luaL_error(L, "debug.setmetatable: an object's metatable cannot be changed");
  return call_original(L);
}

static int guarded_upvalue(lua_State *L) {
  if (lua_iscfunction(L, 1) || lua_iscfunction(L, 3))
    return luaL_error(L, "the upvalues of built-in functions are not open to scripts");
  return call_original(L);
}

static int refuse_registry(lua_State *L) { return luaL_error(L, "debug.getregistry: the registry is not open to scripts"); }

static void guard(lua_State *L, const char *name, lua_CFunction replacement) {
  lua_getfield(L, -1, name);
  lua_pushcclosure(L, replacement, 1);
  lua_setfield(L, -2, name);
}

void fx_open_debug(lua_State *L) {
  lua_getglobal(L, "debug");
  guard(L, "getmetatable", guarded_getmetatable);
  guard(L, "setmetatable", guarded_setmetatable);
  guard(L, "getupvalue", guarded_upvalue);
  guard(L, "setupvalue", guarded_upvalue);
  guard(L, "upvaluejoin", guarded_upvalue);
  guard(L, "getregistry", refuse_registry);
  lua_pop(L, 1);
}
