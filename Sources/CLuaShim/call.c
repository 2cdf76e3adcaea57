// Lua calls Swift: functions, members, operators, finalisers.
#include <stdlib.h>

#include "context.h"

static int call_swift(lua_State *L, void *function) {
  fx_context *context = fx_context_of(L);
  int outer = context->in_swift;
  context->in_swift = 1;
  int results = context->entry(L, function);
  context->in_swift = outer;  // every Swift frame has returned by here
  return results == FX_RAISE ? lua_error(L) : results;
}

static int fx_call_swift(lua_State *L) {
  return call_swift(L, lua_touserdata(L, lua_upvalueindex(1)));
}

// `object.name`: a method is a function in the members table, a property a
// light userdata; everything else (numbers, lists, unknown names) is Swift's.
static int index_member(lua_State *L) {
  if (lua_type(L, 2) == LUA_TSTRING) {
    lua_pushvalue(L, 2);
    int type = lua_rawget(L, lua_upvalueindex(1));
    if (type == LUA_TFUNCTION) return 1;
    if (type == LUA_TLIGHTUSERDATA) {
      void *getter = lua_touserdata(L, -1);
      lua_settop(L, 1);
      return call_swift(L, getter);
    }
    lua_pop(L, 1);
  }
  return call_swift(L, lua_touserdata(L, lua_upvalueindex(2)));
}

static int set_member(lua_State *L) {
  if (lua_type(L, 2) == LUA_TSTRING) {
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) == LUA_TLIGHTUSERDATA) {
      void *setter = lua_touserdata(L, -1);
      lua_pop(L, 1);
      lua_remove(L, 2);
      return call_swift(L, setter);
    }
    lua_pop(L, 1);
  }
  return call_swift(L, lua_touserdata(L, lua_upvalueindex(2)));
}

static int release(lua_State *L) {
  fx_context *context = fx_context_of(L);
  int outer = context->in_swift;
  context->in_swift = 1;
  context->release(L, lua_touserdata(L, lua_upvalueindex(1)));
  context->in_swift = outer;
  return 0;
}

void fx_push_function(lua_State *L, void *function) {
  lua_pushlightuserdata(L, function);
  lua_pushcclosure(L, fx_call_swift, 1);
}

void *fx_function_at(lua_State *L, int index) {
  if (lua_tocfunction(L, index) != fx_call_swift) return NULL;
  lua_getupvalue(L, index, 1);
  void *function = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return function;
}

void fx_push_release(lua_State *L, void *type) {
  lua_pushlightuserdata(L, type);
  lua_pushcclosure(L, release, 1);
}

void fx_finish_metatable(lua_State *L, int members, void *get_other, int setters, void *set_other) {
  int metatable = lua_gettop(L);
  lua_pushliteral(L, "__index");
  lua_pushvalue(L, members);
  lua_pushlightuserdata(L, get_other);
  lua_pushcclosure(L, index_member, 2);
  lua_rawset(L, metatable);
  lua_pushliteral(L, "__newindex");
  lua_pushvalue(L, setters);
  lua_pushlightuserdata(L, set_other);
  lua_pushcclosure(L, set_member, 2);
  lua_rawset(L, metatable);
}

const void *fx_metatable(lua_State *L, int index) {
  if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index)) return NULL;
  const void *metatable = lua_topointer(L, -1);
  lua_pop(L, 1);
  return metatable;
}

bool fx_set_type(lua_State *L, int number) {
  fx_context *context = fx_context_of(L);
  if (number >= context->metatable_count) {
    int count = number + 64;
    const void **grown = realloc(context->metatables, (size_t)count * sizeof *grown);
    if (grown == NULL) return false;
    for (int i = context->metatable_count; i < count; i++) grown[i] = NULL;
    context->metatables = grown;
    context->metatable_count = count;
  }
  context->metatables[number] = lua_topointer(L, -1);
  return true;
}

void *fx_object(lua_State *L, int index, int number) {
  fx_context *context = fx_context_of(L);
  if (number >= context->metatable_count) return NULL;
  const void *metatable = fx_metatable(L, index);
  return metatable != NULL && metatable == context->metatables[number] ? lua_touserdata(L, index) : NULL;
}

int64_t fx_list_length(lua_State *L, int index) {
  int64_t length = (int64_t)lua_rawlen(L, index);
  if (length <= 1 << 16) return length;
  for (int64_t i = 1; i <= length; i++) {
    int type = lua_rawgeti(L, index, i);
    lua_pop(L, 1);
    if (type == LUA_TNIL) return i - 1;
  }
  return length;
}

int64_t fx_read_numbers(lua_State *L, int index, double *into, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    int is_number = lua_rawgeti(L, index, i + 1) == LUA_TNUMBER;
    if (is_number) into[i] = lua_tonumber(L, -1);
    lua_pop(L, 1);
    if (!is_number) return i;
  }
  return count;
}

void fx_pop(lua_State *L, int count) { lua_pop(L, count); }
int fx_upvalue_index(int i) { return lua_upvalueindex(i); }
int fx_registry_index(void) { return LUA_REGISTRYINDEX; }
void fx_push_globals(lua_State *L) { lua_pushglobaltable(L); }

bool fx_where(lua_State *L, char *into, size_t capacity) {
  lua_Debug frame;
  for (int level = 0; lua_getstack(L, level, &frame); level++) {
    lua_getinfo(L, "Sl", &frame);
    if (frame.currentline > 0 && frame.short_src[0] != '[') {
      lua_pushfstring(L, "%s:%d", frame.short_src, frame.currentline);
      size_t length;
      const char *text = lua_tolstring(L, -1, &length);
      if (length >= capacity) length = capacity - 1;
      for (size_t i = 0; i < length; i++) into[i] = text[i];
      into[length] = 0;
      lua_pop(L, 1);
      return true;
    }
  }
  return false;
}
