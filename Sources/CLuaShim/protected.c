// Swift calls Lua: every API function that may raise, inside a protected call.
#include "context.h"

static int no_room(lua_State *L, int arguments) {
  lua_settop(L, -arguments - 1);
  lua_pushliteral(L, "stack overflow");
  return LUA_ERRRUN;
}

static int protect(lua_State *L, int arguments, int results, int handler) {
  fx_context *context = fx_context_of(L);
  int outer = context->in_swift;
  context->in_swift = 0;
  int status = lua_pcall(L, arguments, results, handler);
  if (status == LUA_ERRMEM) {  // what the failed call held is garbage now, and Swift needs room to tell
    context->used_at_failure = context->used;
    lua_gc(L, LUA_GCCOLLECT);
  }
  context->in_swift = outer;
  return status;
}

int fx_pcall(lua_State *L, int arguments, int results) {
  if (!lua_checkstack(L, LUA_MINSTACK)) return no_room(L, arguments + 1);
  int handler = lua_gettop(L) - arguments;
  lua_pushcfunction(L, fx_keep_traceback);
  lua_insert(L, handler);
  int status = protect(L, arguments, results, handler);
  lua_remove(L, handler);
  return status;
}

static int run(lua_State *L, lua_CFunction body, int arguments, int results) {
  if (!lua_checkstack(L, LUA_MINSTACK)) return no_room(L, arguments);
  lua_pushcfunction(L, body);
  lua_insert(L, -arguments - 1);
  return protect(L, arguments, results, 0);
}

static int do_get(lua_State *L) {
  lua_gettable(L, 1);
  return 1;
}

int fx_get(lua_State *L, int index) {
  lua_pushvalue(L, index);
  lua_insert(L, -2);
  return run(L, do_get, 2, 1);
}

static int do_set(lua_State *L) {
  lua_settable(L, 1);
  return 0;
}

int fx_set(lua_State *L, int index) {
  lua_pushvalue(L, index);
  lua_insert(L, -3);
  return run(L, do_set, 3, 0);
}

static int do_next(lua_State *L) {
  if (lua_next(L, 1)) return 2;
  lua_pushnil(L);
  lua_pushnil(L);
  return 2;
}

int fx_next(lua_State *L, int index, bool *more) {
  *more = false;
  lua_pushvalue(L, index);
  lua_insert(L, -2);
  int status = run(L, do_next, 2, 2);
  if (status != LUA_OK) return status;
  *more = !lua_isnil(L, -2);
  if (!*more) lua_pop(L, 2);
  return LUA_OK;
}

static int do_tostring(lua_State *L) {
  luaL_tolstring(L, 1, NULL);
  return 1;
}

int fx_tostring(lua_State *L, int index) {
  lua_pushvalue(L, index);
  return run(L, do_tostring, 1, 1);
}

// Loading is protected by Lua itself; only the allocator must know who is on top.
int fx_load(lua_State *L, const char *text, size_t length, const char *name) {
  fx_context *context = fx_context_of(L);
  int outer = context->in_swift;
  context->in_swift = 0;
  int status = luaL_loadbufferx(L, text, length, name, "t");
  context->in_swift = outer;
  if (status != LUA_OK) fx_explain_refusal(L);
  return status;
}

static int do_load_file(lua_State *L) {
  const char *path = lua_touserdata(L, 1);
  if (luaL_loadfilex(L, path, "t") != LUA_OK) {
    fx_explain_refusal(L);
    return lua_error(L);
  }
  return 1;
}

int fx_load_file(lua_State *L, const char *path) {
  lua_pushlightuserdata(L, (void *)path);
  return run(L, do_load_file, 1, 1);
}
