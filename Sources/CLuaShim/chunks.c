// Text chunks only: Lua's bytecode is not verified, so a crafted one can do
// anything. load, loadfile, dofile and require refuse it with a message.
#include <string.h>

#include "context.h"

// Says what is refused instead of Lua's "attempt to load a binary chunk (mode is 't')".
void fx_explain_refusal(lua_State *L) {
  const char *text = lua_tostring(L, -1);
  if (text == NULL || strstr(text, "attempt to load a binary chunk") == NULL) return;
  const char *end = strstr(text, "attempt to load a binary chunk");
  lua_pushlstring(L, text, (size_t)(end - text));
  lua_pushliteral(L, "binary chunks are refused, because bytecode is not checked; load the Lua source instead");
  lua_concat(L, 2);
  lua_remove(L, -2);
}

// Calls the original (upvalue 1) with mode "t" as argument `mode`.
static int load_text(lua_State *L, int mode) {
  if (lua_type(L, mode) == LUA_TSTRING && strchr(lua_tostring(L, mode), 't') == NULL) {
    luaL_pushfail(L);
    lua_pushliteral(L, "binary chunks are refused, because bytecode is not checked; mode must contain 't'");
    return 2;
  }
  if (lua_gettop(L) < mode) lua_settop(L, mode);
  lua_pushliteral(L, "t");
  lua_replace(L, mode);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  if (lua_isnil(L, 1) && lua_gettop(L) == 2) fx_explain_refusal(L);
  return lua_gettop(L);
}

// Notes a file whose text was loaded, once, in the order of loading: a report lists what a script was made of.
static const char loaded_files;
static void note_file(lua_State *L, const char *path) {
  if (path == NULL) return;
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &loaded_files) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &loaded_files);
  }
  if (lua_getfield(L, -1, path) == LUA_TNIL && lua_rawlen(L, -2) < 1000) {
    lua_pushboolean(L, 1);
    lua_setfield(L, -3, path);
    lua_pushstring(L, path);
    lua_rawseti(L, -3, (lua_Integer)lua_rawlen(L, -3) + 1);
  }
  lua_pop(L, 2);
}

const char *fx_loaded_file(lua_State *L, int number) {
  const char *path = NULL;
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &loaded_files) == LUA_TTABLE) {
    lua_rawgeti(L, -1, number);
    path = lua_tostring(L, -1);  // a string already, held by the registry
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return path;
}

static int guarded_load(lua_State *L) { return load_text(L, 3); }
static int guarded_loadfile(lua_State *L) {
  char path[4096] = "";
  if (lua_type(L, 1) == LUA_TSTRING && lua_rawlen(L, 1) < sizeof path) strcpy(path, lua_tostring(L, 1));
  int results = load_text(L, 2);
  if (path[0] && lua_isfunction(L, 1)) note_file(L, path);
  return results;
}

static int finish_dofile(lua_State *L, int status, lua_KContext base) {
  (void)status;
  return lua_gettop(L) - (int)base;
}

static int guarded_dofile(lua_State *L) {
  const char *path = luaL_optstring(L, 1, NULL);
  lua_settop(L, 1);
  if (luaL_loadfilex(L, path, "t") != LUA_OK) {
    fx_explain_refusal(L);
    return lua_error(L);
  }
  note_file(L, path);
  lua_callk(L, 0, LUA_MULTRET, 1, finish_dofile);
  return finish_dofile(L, 0, 1);
}

// package.searchers[2]: upvalue 1 is `package`.
static int search_text(lua_State *L) {
  const char *name = luaL_checkstring(L, 1);
  lua_getfield(L, lua_upvalueindex(1), "searchpath");
  lua_pushvalue(L, 1);
  if (lua_getfield(L, lua_upvalueindex(1), "path") != LUA_TSTRING)
    return luaL_error(L, "'package.path' must be a string");
  lua_call(L, 2, 2);
  if (lua_isnil(L, -2)) return 1;  // the list of places that were tried
  lua_pop(L, 1);
  const char *path = lua_tostring(L, -1);
  if (luaL_loadfilex(L, path, "t") != LUA_OK) {
    fx_explain_refusal(L);
    return luaL_error(L, "error loading module '%s' from file '%s':\n\t%s", name, path, lua_tostring(L, -1));
  }
  note_file(L, path);
  lua_insert(L, -2);
  return 2;
}

static void guard_global(lua_State *L, const char *name, lua_CFunction replacement) {
  lua_getglobal(L, name);
  lua_pushcclosure(L, replacement, 1);
  lua_setglobal(L, name);
}

void fx_open_chunks(lua_State *L) {
  guard_global(L, "load", guarded_load);
  guard_global(L, "loadfile", guarded_loadfile);
  guard_global(L, "dofile", guarded_dofile);
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "searchers");
  lua_pushvalue(L, -2);
  lua_pushcclosure(L, search_text, 1);
  lua_rawseti(L, -2, 2);
  lua_pop(L, 2);
}
