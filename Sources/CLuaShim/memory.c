// The allocator, and the collector's knowledge of memory that is not Lua's.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "context.h"

// Raising "not enough memory" out of an allocation that Swift made would jump
// over Swift frames. So the limit holds only while Lua or C is on top: what
// Swift allocates may exceed it, and the next allocation of Lua's pays.
static void *allocate(void *user, void *block, size_t old_size, size_t new_size) {
  fx_context *context = user;
  if (block == NULL) old_size = 0;  // then it holds the kind of object
  if (new_size == 0) {
    free(block);
    context->used -= old_size;
    return NULL;
  }
  if (new_size > old_size && !context->in_swift &&
      (new_size - old_size > context->limit || context->used > context->limit - (new_size - old_size)))
    return NULL;
  void *moved = realloc(block, new_size);
  if (moved != NULL) {
    context->used += new_size - old_size;
    if (new_size > old_size) context->allocated += new_size - old_size;
  } else if (context->in_swift) {
    static const char message[] = "fluxbridge: not enough memory for a Lua value; the program ends.\n";
    ssize_t ignored = write(STDERR_FILENO, message, sizeof message - 1);
    (void)ignored;
    _exit(1);
  }
  return moved;
}

static int panic(lua_State *L) {
  const char *text = lua_tostring(L, -1);
  const char *prefix = "fluxbridge: unprotected Lua error: ";
  ssize_t ignored = write(STDERR_FILENO, prefix, strlen(prefix));
  if (text != NULL) ignored = write(STDERR_FILENO, text, strlen(text));
  ignored = write(STDERR_FILENO, "\n", 1);
  (void)ignored;
  abort();
}

static int open_everything(lua_State *L) {
  luaL_openlibs(L);
  fx_open_coroutines(L);
  fx_open_chunks(L);
  fx_open_debug(L);
  fx_open_execute(L);
  return 0;
}

lua_State *fx_open(void *session, fx_entry entry, fx_entry release, size_t limit) {
  fx_context *context = calloc(1, sizeof *context);
  if (context == NULL) return NULL;
  context->session = session;
  context->entry = entry;
  context->release = release;
  context->limit = limit;
  context->native_soft_limit = (size_t)512 << 20;
  lua_State *L = lua_newstate(allocate, context);
  if (L == NULL) {
    free(context);
    return NULL;
  }
  *(fx_context **)lua_getextraspace(L) = context;
  context->main = L;
  atomic_store(&context->running, L);
  lua_atpanic(L, panic);
  fx_set_warnings(L);
  lua_pushcfunction(L, open_everything);
  if (lua_pcall(L, 0, 0, 0) != LUA_OK) {
    fx_close(L);
    return NULL;
  }
  context->in_swift = 1;  // from here on our caller is Swift
  return L;
}

void fx_close(lua_State *L) {
  fx_context *context = fx_context_of(L);
  context->in_swift = 0;
  fx_forget_sigint(context);
  lua_close(context->main);
  free(context->metatables);
  free(context);
}

void fx_set_session(lua_State *L, void *session) { fx_context_of(L)->session = session; }
const char *fx_lua_version(void) { return LUA_RELEASE; }
size_t fx_memory_used(lua_State *L) { return fx_context_of(L)->used; }
size_t fx_memory_limit(lua_State *L) { return fx_context_of(L)->limit; }
lua_State *fx_running(lua_State *L) { return atomic_load(&fx_context_of(L)->running); }

// A handle of a few bytes may hold 800 MB that the collector does not see.
// Debts are gathered to a megabyte first, so that a million small tensors do
// not pay a step each. Above the soft limit everything is collected; what is
// still alive then is really in use, and the limit grows (torch7's rule).
void fx_native_allocated(lua_State *L, size_t bytes) {
  fx_context *context = fx_context_of(L);
  context->native_live += bytes;
  context->native_debt += bytes;
  context->native_allocated += bytes;
  if (context->native_debt < ((size_t)1 << 20)) return;
  size_t kilobytes = context->native_debt >> 10;
  context->native_debt = 0;
  lua_gc(L, LUA_GCSTEP, (int)(kilobytes > 1 << 20 ? 1 << 20 : kilobytes));
  if (context->native_live > context->native_soft_limit) {
    lua_gc(L, LUA_GCCOLLECT);
    if (context->native_live > context->native_soft_limit / 5 * 4)
      context->native_soft_limit = context->native_live / 2 * 3;
  }
}

void fx_native_freed(lua_State *L, size_t bytes) {
  fx_context *context = fx_context_of(L);
  context->native_live -= bytes < context->native_live ? bytes : context->native_live;
}

size_t fx_memory_at_failure(lua_State *L) { return fx_context_of(L)->used_at_failure; }
size_t fx_allocated(lua_State *L) { return fx_context_of(L)->allocated; }
size_t fx_native_total(lua_State *L) { return fx_context_of(L)->native_allocated; }
size_t fx_native_live(lua_State *L) { return fx_context_of(L)->native_live; }
