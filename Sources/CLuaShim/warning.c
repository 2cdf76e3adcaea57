// Warnings as lua 5.4's own program gives them: off until warn("@on"), pieces joined, on standard error.
#include <stdio.h>
#include <string.h>

#include "context.h"

static void begin(void *user, const char *message, int continues);
static void off(void *user, const char *message, int continues);

// "@on" and "@off", alone and whole, are orders and not text.
static int is_order(lua_State *L, const char *message, int continues) {
  if (continues || *message != '@') return 0;
  if (strcmp(message, "@on") == 0) lua_setwarnf(L, begin, L);
  if (strcmp(message, "@off") == 0) lua_setwarnf(L, off, L);
  return 1;
}

static void off(void *user, const char *message, int continues) { is_order(user, message, continues); }

static void more(void *user, const char *message, int continues) {
  fputs(message, stderr);
  if (continues) return;
  fputc('\n', stderr);
  fflush(stderr);
  lua_setwarnf(user, begin, user);
}

static void begin(void *user, const char *message, int continues) {
  if (is_order(user, message, continues)) return;
  fputs("Lua warning: ", stderr);
  lua_setwarnf(user, more, user);
  more(user, message, continues);
}

void fx_set_warnings(lua_State *L) { lua_setwarnf(L, off, L); }
