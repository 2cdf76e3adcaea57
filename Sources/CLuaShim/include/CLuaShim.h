// The C that Swift must not do itself: raising Lua errors, being called by Lua,
// protected calls, the interrupt hook, coroutines, the allocator.
//
// Lua errors are longjmp. No Swift frame is ever between the raise and the
// protected call that catches it: Swift returns FX_RAISE and C raises after it.
// `lua_State` is only declared, so that this header does not repeat Lua's.
#ifndef FX_LUA_SHIM_H
#define FX_LUA_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct lua_State lua_State;
typedef struct fx_context fx_context;

/// Returned by a Swift function instead of a result count: the error is on top of the stack.
#define FX_RAISE (-1)

/// A Swift function called from Lua: `function` is the light userdata of its closure.
typedef int (*fx_entry)(lua_State *L, void *function);

// ---- the interpreter ----

/// A new interpreter with the standard libraries, ours among them; NULL when memory lacks.
/// `limit` bounds the bytes of Lua's own values.
lua_State *fx_open(void *session, fx_entry entry, fx_entry release, size_t limit);
/// `Lua 5.4.4`.
const char *fx_lua_version(void);
void fx_close(lua_State *L);
/// The files whose text was loaded by dofile, require or loadfile, each once, counted from 1; NULL behind the last.
const char *fx_loaded_file(lua_State *L, int number);
size_t fx_memory_used(lua_State *L);
size_t fx_memory_limit(lua_State *L);
/// What Lua's own values held when memory last ran out.
size_t fx_memory_at_failure(lua_State *L);

/// The Swift session of an interpreter: the first word of its context.
static inline void *fx_session(lua_State *L) {
  return **(void ***)((char *)L - sizeof(void *));
}

void fx_set_session(lua_State *L, void *session);

/// The state that runs now: the main one, or a coroutine.
lua_State *fx_running(lua_State *L);

// ---- functions and userdata ----

/// Pushes a Lua function that calls the Swift `function`.
void fx_push_function(lua_State *L, void *function);
/// The Swift function behind the Lua function at `index`, or NULL.
void *fx_function_at(lua_State *L, int index);
/// Pushes the finaliser of a type.
void fx_push_release(lua_State *L, void *type);
/// Fills the metatable on top: members table at `members`, setters at `setters`.
void fx_finish_metatable(lua_State *L, int members, void *get_other, int setters, void *set_other);
/// Notes the metatable on top as that of the type with this number; false without memory.
bool fx_set_type(lua_State *L, int number);
/// The userdata at `index` when it is an object of the type with this number, otherwise NULL.
void *fx_object(lua_State *L, int index, int number);
/// The address of the metatable of the userdata at `index`, or NULL.
const void *fx_metatable(lua_State *L, int index);
/// The length of the list at `index`, counted where Lua's own answer could be a
/// border far out: {[1]=…, [2]=…, [4]=…, [8]=…} must not claim memory for 2^62 items.
int64_t fx_list_length(lua_State *L, int index);
/// Copies the numbers of the list at `index`: how many were numbers before the first other thing.
int64_t fx_read_numbers(lua_State *L, int index, double *into, int64_t count);
void fx_pop(lua_State *L, int count);
int fx_upvalue_index(int i);
int fx_registry_index(void);
void fx_push_globals(lua_State *L);
/// Tells the collector that `bytes` were allocated outside its sight.
void fx_native_allocated(lua_State *L, size_t bytes);
void fx_native_freed(lua_State *L, size_t bytes);
size_t fx_native_live(lua_State *L);
/// Bytes allocated since the start, in Lua and outside; they only grow.
size_t fx_allocated(lua_State *L);
size_t fx_native_total(lua_State *L);

// ---- protected calls: a Lua status, 0 = fine, else the error on top ----

/// Calls with a handler that keeps the traceback for `fx_push_traceback`.
int fx_pcall(lua_State *L, int arguments, int results);
/// Pushes the traceback kept by the last failed `fx_pcall`, or nil.
void fx_push_traceback(lua_State *L);
/// Whether an error keeps the variables of its frames, for a look after the fact.
void fx_keep_locals(lua_State *L, bool keeps);
/// Pushes what the last failed `fx_pcall` kept, innermost first: a list of {where, name, names, values}; or nil.
void fx_push_frames(lua_State *L);
/// `table[key]` of the table at `index` and the key on top, which is replaced.
int fx_get(lua_State *L, int index);
/// `table[key] = value` of the key and value on top, which are removed.
int fx_set(lua_State *L, int index);
/// Replaces the key on top by the next key and value; `more` says whether there was one.
int fx_next(lua_State *L, int index, bool *more);
/// Pushes `tostring(value at index)`.
int fx_tostring(lua_State *L, int index);
int fx_load(lua_State *L, const char *text, size_t length, const char *name);
int fx_load_file(lua_State *L, const char *path);

/// Writes `path:line` of the innermost Lua line that is not ours; false when there is none.
bool fx_where(lua_State *L, char *into, size_t capacity);

// ---- C streams: the ones that Lua's print and io use ----

void fx_write_output(const char *bytes, size_t count);
void fx_flush_output(void);
/// Flushes standard output first, so that the two stay in order.
void fx_write_error(const char *bytes, size_t count);
/// Lets standard output (stream 1) and error (2) go to `take`, and standard input come from `give`, which answers
/// how many bytes it wrote, 0 at the end, -1 with errno set. Before the interpreter is opened, which keeps them.
bool fx_redirect_streams(ssize_t (*take)(int stream, const char *bytes, size_t count), ssize_t (*give)(char *bytes, size_t count));

// ---- interrupts ----

/// Makes SIGINT interrupt this interpreter, which belongs to the calling thread.
/// `raise` is called from the handler too; it must be async-signal-safe.
void fx_catch_sigint(lua_State *L, void (*raise)(void));
/// Lets no number of SIGINTs end the program; otherwise a second one does while the first is not answered for 2 s.
void fx_survive_sigint(void);
/// Arms the hook: the interpreter raises "interrupted" until it is cleared.
void fx_interrupt(lua_State *L);
bool fx_interrupt_pending(lua_State *L);
void fx_clear_interrupt(lua_State *L);
/// The line of Lua that the pending interrupt met, or "".
const char *fx_interrupted_at(lua_State *L);
/// Remembers that line, when a Swift function throws.
void fx_note_interrupt(lua_State *L);

#endif
