// What is kept of an error where it was raised, before the stack unwinds: the
// traceback, through coroutines too, and on demand each frame's variables.
#include <stdio.h>

#include "context.h"

static const char traceback_key = 0;
static const char frames_key = 0;
static const char failure_key = 0;  // of a coroutine that failed: {error value, traceback, frames}

enum { MOST_FRAMES = 24, MOST_VARIABLES = 80 };

void fx_keep_locals(lua_State *L, bool keeps) { fx_context_of(L)->keeps_locals = keeps; }

// Appends to the list on top of L the frame's variables: {where, names, values}.
static void push_frame(lua_State *L, lua_State *from, lua_Debug *frame) {
  lua_createtable(L, 0, 3);
  lua_pushfstring(L, "%s:%d", frame->short_src, frame->currentline);
  lua_setfield(L, -2, "where");
  if (frame->name != NULL) {
    lua_pushstring(L, frame->name);
    lua_setfield(L, -2, "name");
  }
  lua_newtable(L);
  lua_newtable(L);
  int count = 0;
  for (int i = 1; count < MOST_VARIABLES; i++) {
    const char *name = lua_getlocal(from, frame, i);
    if (name == NULL) break;
    if (name[0] == '(') {  // Lua's own: temporaries, the state of a for loop
      lua_pop(from, 1);
      continue;
    }
    if (from != L) lua_xmove(from, L, 1);
    lua_rawseti(L, -2, ++count);
    lua_pushstring(L, name);
    lua_rawseti(L, -3, count);
  }
  lua_setfield(L, -3, "values");
  lua_setfield(L, -2, "names");
}

// Appends the Lua frames of `from` to the list on top of L, innermost first.
static void collect_frames(lua_State *L, lua_State *from, int level) {
  lua_Debug frame;
  for (int i = 0; i < MOST_FRAMES && lua_getstack(from, level, &frame); level++) {
    if (!lua_checkstack(L, 12) || !lua_checkstack(from, 4)) return;  // after a stack overflow
    lua_getinfo(from, "Sln", &frame);
    if (frame.currentline <= 0 || frame.short_src[0] == '[') continue;
    push_frame(L, from, &frame);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    i++;
  }
}

// Pushes the part `i` of the coroutine's failure whose value is at `value`, or nil.
static bool push_failure(lua_State *L, int value, int i) {
  value = lua_absindex(L, value);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &failure_key) == LUA_TTABLE) {
    lua_rawgeti(L, -1, 1);
    bool is_same = lua_rawequal(L, -1, value);
    lua_pop(L, 1);
    if (is_same) {
      lua_rawgeti(L, -1, i);
      lua_remove(L, -2);
      return true;
    }
  }
  lua_pop(L, 1);
  lua_pushnil(L);
  return false;
}

// Pushes traceback and frames (or nil) of `from`, behind those of a coroutine
// inside it that failed with the same value.
static void push_record(lua_State *L, lua_State *from, int value, int level) {
  value = lua_absindex(L, value);
  bool is_inner = push_failure(L, value, 2);
  luaL_traceback(L, from, NULL, level);
  if (is_inner) {  // one heading is enough
    luaL_gsub(L, lua_tostring(L, -1), "stack traceback:", "");
    lua_remove(L, -2);
    lua_concat(L, 2);
  } else {
    lua_remove(L, -2);
  }
  if (!fx_context_of(L)->keeps_locals) {
    lua_pushnil(L);
    return;
  }
  if (!push_failure(L, value, 3) || !lua_istable(L, -1)) {
    lua_pop(L, 1);
    lua_newtable(L);
  }
  collect_frames(L, from, level);
}

void fx_note_failure(lua_State *L, lua_State *co) {
  if (fx_interrupt_pending(L) || !lua_checkstack(L, 24) || !lua_checkstack(co, 4)) return;
  lua_pushvalue(co, -1);
  lua_xmove(co, L, 1);
  int value = lua_gettop(L);
  push_record(L, co, value, 0);
  lua_createtable(L, 3, 0);
  for (int i = 0; i < 3; i++) {
    lua_pushvalue(L, value + i);
    lua_rawseti(L, -2, i + 1);
  }
  lua_rawsetp(L, LUA_REGISTRYINDEX, &failure_key);
  lua_settop(L, value - 1);
}

void fx_rename_failure(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &failure_key) == LUA_TTABLE) {
    lua_pushvalue(L, -2);
    lua_rawseti(L, -2, 1);
  }
  lua_pop(L, 1);
}

int fx_keep_traceback(lua_State *L) {
  if (fx_interrupt_pending(L) || !lua_checkstack(L, 24)) return 1;
  push_record(L, L, 1, 1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &frames_key);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &traceback_key);
  lua_pushnil(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &failure_key);
  lua_settop(L, 1);
  return 1;
}

static void take(lua_State *L, const void *key) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, key);
  lua_pushnil(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, key);
}

void fx_push_traceback(lua_State *L) { take(L, &traceback_key); }
void fx_push_frames(lua_State *L) { take(L, &frames_key); }

void fx_note_interrupt(lua_State *L) {
  fx_context *context = fx_context_of(L);
  if (context->interrupted_at[0] == 0) fx_where(L, context->interrupted_at, sizeof context->interrupted_at);
}

const char *fx_interrupted_at(lua_State *L) { return fx_context_of(L)->interrupted_at; }
