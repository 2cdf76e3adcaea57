// `os.execute`, which an interrupt ends. C's `system` ignores SIGINT while it waits, so a cell or script whose
// program was stopped would go on as if it had ended by itself.
//
// At a terminal Ctrl-C reaches the program too, which may have a use for it, as an editor has: so what it makes of it
// counts, as in a shell. A kernel's program has no terminal: there an interrupt is the user's stop button.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "context.h"

extern char **environ;

enum { PATIENCE_MS = 50, UNTIL_TERMINATED = 1000 / PATIENCE_MS, UNTIL_KILLED = 2000 / PATIENCE_MS };

/// Waits until the child may have ended, or some milliseconds.
static void wait_a_little(int child_descriptor) {
  if (child_descriptor >= 0) {
    struct pollfd item = {.fd = child_descriptor, .events = POLLIN};
    poll(&item, 1, PATIENCE_MS);
  } else {
    nanosleep(&(struct timespec){.tv_nsec = PATIENCE_MS * 100000L}, NULL);  // a tenth: nobody wakes us
  }
}

/// As `system`, but an interrupt is handed to the program: first as SIGINT, after a second as SIGTERM, after two as SIGKILL.
static int run_until_interrupted(lua_State *L, const char *command) {
  char *const words[] = {"sh", "-c", (char *)command, NULL};
  pid_t child;
  int code = posix_spawn(&child, "/bin/sh", NULL, NULL, words, environ);
  if (code != 0) {
    errno = code;
    return -1;
  }
  int descriptor = (int)syscall(SYS_pidfd_open, child, 0), status = 0, rounds = 0;
  for (;;) {
    pid_t ended = waitpid(child, &status, WNOHANG);
    if (ended == child || (ended < 0 && errno != EINTR)) break;
    wait_a_little(descriptor);
    if (!fx_interrupt_pending(L)) continue;
    if (rounds == 0) kill(child, SIGINT);
    if (rounds == UNTIL_TERMINATED) kill(child, SIGTERM);
    if (rounds == UNTIL_KILLED) kill(child, SIGKILL);
    rounds++;
  }
  if (descriptor >= 0) close(descriptor);
  return status;
}

static int ended_by_interrupt(int status) {
  return (WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) || (WIFEXITED(status) && WEXITSTATUS(status) == 128 + SIGINT);
}

static int execute(lua_State *L) {
  const char *command = luaL_optstring(L, 1, NULL);
  if (command == NULL) {
    lua_pushboolean(L, system(NULL));
    return 1;
  }
  errno = 0;
  bool has_terminal = !fx_survives_sigint();
  int status = has_terminal ? system(command) : run_until_interrupted(L, command);
  if (has_terminal && status != -1 && ended_by_interrupt(status)) fx_raise_interrupt(L);
  if (fx_interrupt_pending(L)) {
    fx_note_interrupt(L);
    lua_pushliteral(L, "interrupted");
    return lua_error(L);
  }
  return luaL_execresult(L, status);
}

void fx_open_execute(lua_State *L) {
  lua_getglobal(L, "os");
  lua_pushcfunction(L, execute);
  lua_setfield(L, -2, "execute");
  lua_pop(L, 1);
}
