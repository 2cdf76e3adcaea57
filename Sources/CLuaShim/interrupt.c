// Ctrl-C. The signal handler only sets a hook; the hook, in Lua's own time and
// with no Swift frame above the nearest protected call, raises "interrupted".
//
// A `pcall` in a loop, or a coroutine, cannot swallow it: the hook stays armed
// through every pcall and resume until the top level clears it. There is no
// permanent count hook, which would cost 75 % of a loop's speed.
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "context.h"

static _Atomic(fx_context *) foreground;   // whom SIGINT interrupts
static pthread_t interpreter_thread;
static void (*raise_elsewhere)(void);
static struct timespec first_press;
static atomic_bool survives;

static void hook(lua_State *L, lua_Debug *event) {
  (void)event;
  if (!fx_interrupt_pending(L)) {  // left armed on a coroutine; the interrupt was answered
    lua_sethook(L, NULL, 0, 0);
    return;
  }
  fx_note_interrupt(L);
  lua_pushliteral(L, "interrupted");
  lua_error(L);
}

static void arm(lua_State *L) {
  lua_sethook(L, hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
}

void fx_enter_state(fx_context *context, lua_State *L) {
  atomic_store(&context->running, L);
  if (atomic_load(&context->interrupted)) arm(L);
}

void fx_interrupt(lua_State *L) {
  fx_context *context = fx_context_of(L);
  atomic_store(&context->interrupted, 1);
  arm(atomic_load(&context->running));
}

bool fx_interrupt_pending(lua_State *L) {
  return atomic_load(&fx_context_of(L)->interrupted) != 0;
}

void fx_clear_interrupt(lua_State *L) {
  fx_context *context = fx_context_of(L);
  atomic_store(&context->interrupted, 0);
  context->interrupted_at[0] = 0;
  lua_sethook(atomic_load(&context->running), NULL, 0, 0);
}

static void on_sigint(int signal) {
  // Only the interpreter's own thread may set the hook: another one could meet
  // call records that the collector frees at that moment.
  if (!pthread_equal(pthread_self(), interpreter_thread)) {
    pthread_kill(interpreter_thread, signal);
    return;
  }
  int saved = errno;
  fx_context *context = atomic_load(&foreground);
  if (context != NULL) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (!atomic_load(&context->interrupted)) {
      first_press = now;
    } else {
      double waited = (double)(now.tv_sec - first_press.tv_sec) + 1e-9 * (double)(now.tv_nsec - first_press.tv_nsec);
      if (waited >= 2 && !atomic_load(&survives)) {
        static const char message[] = "\nfluxbridge: interrupted twice; the program ends.\n";
        ssize_t ignored = write(STDERR_FILENO, message, sizeof message - 1);
        (void)ignored;
        _exit(130);
      }
    }
    if (raise_elsewhere != NULL) raise_elsewhere();
    fx_interrupt(context->main);
  }
  errno = saved;
}

void fx_catch_sigint(lua_State *L, void (*raise)(void)) {
  interpreter_thread = pthread_self();
  raise_elsewhere = raise;
  atomic_store(&foreground, fx_context_of(L));
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_sigint;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);  // no SA_RESTART: io.read must notice
  sigset_t signals;  // a launcher may have blocked them: the mask is inherited
  sigemptyset(&signals);
  for (int *signal = (int[]){SIGINT, SIGHUP, SIGTERM, SIGQUIT, SIGTSTP, SIGWINCH, SIGCONT, 0}; *signal != 0; signal++)
    sigaddset(&signals, *signal);
  pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
}

void fx_survive_sigint(void) { atomic_store(&survives, true); }

bool fx_survives_sigint(void) { return atomic_load(&survives); }

void fx_raise_interrupt(lua_State *L) {
  if (raise_elsewhere != NULL) raise_elsewhere();
  fx_interrupt(L);
}

void fx_forget_sigint(fx_context *context) {
  fx_context *expected = context;
  atomic_compare_exchange_strong(&foreground, &expected, NULL);
}
