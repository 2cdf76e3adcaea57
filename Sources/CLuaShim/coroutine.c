// coroutine.resume, wrap and close, and xpcall, after Lua 5.4's lcorolib.c and
// lbaselib.c (Copyright © 1994–2022 Lua.org, PUC-Rio, MIT licence). The copies
// differ in one thing: the shim knows which state runs, so that an interrupt
// reaches a loop inside a coroutine and inside an error handler.
#include "context.h"

static lua_State *get_coroutine(lua_State *L) {
  lua_State *co = lua_tothread(L, 1);
  luaL_argexpected(L, co, 1, "thread");
  return co;
}

// The number of results on top of L, or -1 with the error on top.
static int resume_state(lua_State *L, lua_State *co, int arguments) {
  if (!lua_checkstack(co, arguments)) {
    lua_pushliteral(L, "too many arguments to resume");
    return -1;
  }
  lua_xmove(L, co, arguments);
  fx_context *context = fx_context_of(L);
  int results;
  fx_enter_state(context, co);
  int status = lua_resume(co, L, arguments, &results);
  fx_enter_state(context, L);
  if (status == LUA_OK || status == LUA_YIELD) {
    if (!lua_checkstack(L, results + 1)) {
      lua_pop(co, results);
      lua_pushliteral(L, "too many results to resume");
      return -1;
    }
    lua_xmove(co, L, results);
    return results;
  }
  fx_note_failure(L, co);
  lua_xmove(co, L, 1);
  return -1;
}

static int close_state(lua_State *L, lua_State *co) {
  fx_context *context = fx_context_of(L);
  fx_enter_state(context, co);
  int status = lua_resetthread(co);
  fx_enter_state(context, L);
  return status;
}

static int coroutine_resume(lua_State *L) {
  lua_State *co = get_coroutine(L);
  int results = resume_state(L, co, lua_gettop(L) - 1);
  if (results < 0) {
    lua_pushboolean(L, 0);
    lua_insert(L, -2);
    return 2;
  }
  lua_pushboolean(L, 1);
  lua_insert(L, -(results + 1));
  return results + 1;
}

static int wrapped(lua_State *L) {
  lua_State *co = lua_tothread(L, lua_upvalueindex(1));
  int results = resume_state(L, co, lua_gettop(L));
  if (results >= 0) return results;
  int status = lua_status(co);
  if (status != LUA_OK && status != LUA_YIELD) {
    status = close_state(L, co);
    lua_xmove(co, L, 1);
  }
  if (status != LUA_ERRMEM && lua_type(L, -1) == LUA_TSTRING) {
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
    fx_rename_failure(L);
  }
  return lua_error(L);
}

static int coroutine_wrap(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_State *co = lua_newthread(L);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  lua_pushcclosure(L, wrapped, 1);
  return 1;
}

static const char *status_name(lua_State *L, lua_State *co) {
  if (L == co) return "running";
  switch (lua_status(co)) {
    case LUA_YIELD: return "suspended";
    case LUA_OK: {
      lua_Debug frame;
      if (lua_getstack(co, 0, &frame)) return "normal";
      return lua_gettop(co) == 0 ? "dead" : "suspended";
    }
    default: return "dead";
  }
}

static int coroutine_close(lua_State *L) {
  lua_State *co = get_coroutine(L);
  const char *name = status_name(L, co);
  if (name[0] != 'd' && name[0] != 's') return luaL_error(L, "cannot close a %s coroutine", name);
  if (close_state(L, co) == LUA_OK) {
    lua_pushboolean(L, 1);
    return 1;
  }
  lua_pushboolean(L, 0);
  lua_xmove(co, L, 1);
  return 2;
}

// An interrupt is no business of a script's error handler, which could loop.
static int handle_unless_interrupted(lua_State *L) {
  if (fx_interrupt_pending(L)) return 1;
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, 1, 1);
  return 1;
}

static int finish_xpcall(lua_State *L, int status, lua_KContext skipped) {
  if (status != LUA_OK && status != LUA_YIELD) {
    lua_pushboolean(L, 0);
    lua_pushvalue(L, -2);
    return 2;
  }
  return lua_gettop(L) - (int)skipped;
}

static int guarded_xpcall(lua_State *L) {
  int count = lua_gettop(L);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  if (!lua_iscfunction(L, 2)) {  // debug.traceback and its like cannot loop
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, handle_unless_interrupted, 1);
    lua_replace(L, 2);
  }
  lua_pushboolean(L, 1);
  lua_pushvalue(L, 1);
  lua_rotate(L, 3, 2);
  int status = lua_pcallk(L, count - 2, LUA_MULTRET, 2, 2, finish_xpcall);
  return finish_xpcall(L, status, 2);
}

void fx_open_coroutines(lua_State *L) {
  static const luaL_Reg replacements[] = {
      {"resume", coroutine_resume}, {"wrap", coroutine_wrap}, {"close", coroutine_close}, {NULL, NULL}};
  lua_getglobal(L, "coroutine");
  luaL_setfuncs(L, replacements, 0);
  lua_pop(L, 1);
  lua_pushcfunction(L, guarded_xpcall);
  lua_setglobal(L, "xpcall");
}
