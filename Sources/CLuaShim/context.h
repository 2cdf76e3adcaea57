// What an interpreter and the shim know of each other; shared by this folder's files.
#ifndef FX_CONTEXT_H
#define FX_CONTEXT_H

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdatomic.h>

#include "CLuaShim.h"

struct fx_context {
  void *session;                  // first: fx_session reads it
  fx_entry entry;                 // Swift, called by Lua
  fx_entry release;               // Swift, called by the collector
  lua_State *main;
  _Atomic(lua_State *) running;   // which coroutine runs, for the signal handler
  atomic_int interrupted;
  int in_swift;                   // a Swift frame is on top: the allocator must not fail
  const void **metatables;        // of each type's number; NULL until an object is made
  int metatable_count;
  size_t used, limit;             // bytes of Lua's own values
  size_t allocated, native_allocated;  // totals since the start, for :time
  size_t used_at_failure;         // when memory ran out
  bool keeps_locals;              // an error keeps its frames' variables
  char interrupted_at[128];       // the line that Ctrl-C met, or empty
  size_t native_live, native_debt, native_soft_limit;
};

static inline fx_context *fx_context_of(lua_State *L) {
  return *(fx_context **)lua_getextraspace(L);
}

/// Marks `L` as the state that runs; an interrupt that came before the switch follows it.
void fx_enter_state(fx_context *context, lua_State *L);

void fx_open_coroutines(lua_State *L);
void fx_open_chunks(lua_State *L);
void fx_open_debug(lua_State *L);
void fx_open_execute(lua_State *L);
/// Whether no number of SIGINTs ends the program: it is a kernel.
bool fx_survives_sigint(void);
/// What the handler of SIGINT does, where a program that we ran took the signal.
void fx_raise_interrupt(lua_State *L);
/// Betters Lua's message about a binary chunk, on top of the stack.
void fx_explain_refusal(lua_State *L);
/// The message handler of protected calls: keeps traceback and variables, leaves the error value.
int fx_keep_traceback(lua_State *L);
/// Keeps traceback and variables of a coroutine whose error value is on its top.
void fx_note_failure(lua_State *L, lua_State *co);
/// The same failure goes on with the error value on top of L.
void fx_rename_failure(lua_State *L);
/// Installs the warnings of lua 5.4, switched off.
void fx_set_warnings(lua_State *L);
/// A context that is about to be freed is no longer whom SIGINT interrupts.
void fx_forget_sigint(fx_context *context);

#endif
