// readline through its callback interface: SIGINT is blocked except while we
// wait in ppoll, so that no Ctrl-C falls between the check and the wait.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <readline/readline.h>
#include <readline/history.h>

#include "CReadlineShim.h"

static bool is_done;
static char *taken;

static void take_line(char *line) {
  taken = line;
  is_done = true;
  rl_callback_handler_remove();
}

static char **complete(const char *word, int start, int end) {
  (void)start;
  (void)end;
  rl_attempted_completion_over = 0;  // file names when we have nothing
  rl_completion_append_character = '\0';
  return rl_completion_matches(word, rl_completion_entry_function);
}

fx_line_status fx_read_line(const char *prompt, bool (*is_interrupted)(void), char **line) {
  sigset_t interrupt, before;
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  sigprocmask(SIG_BLOCK, &interrupt, &before);
  rl_readline_name = "fluxbridge";
  rl_catch_signals = 0;
  rl_catch_sigwinch = 1;
  is_done = false;
  taken = NULL;
  rl_callback_handler_install(prompt, take_line);
  fx_line_status status = FX_LINE;
  while (!is_done) {
    struct pollfd input = {.fd = fileno(rl_instream ? rl_instream : stdin), .events = POLLIN};
    sigset_t open = before;
    sigdelset(&open, SIGINT);
    int ready = ppoll(&input, 1, NULL, &open);
    if (ready > 0) {
      rl_callback_read_char();
    } else if (errno == EINTR) {
      if (!is_interrupted()) {  // SIGWINCH comes here too
        rl_resize_terminal();
        continue;
      }
      status = FX_LINE_CANCELLED;
      rl_callback_sigcleanup();
      rl_free_line_state();
      rl_callback_handler_remove();
      fputs("^C\n", stdout);
      fflush(stdout);
      break;
    } else {
      status = FX_LINE_END;
      rl_callback_handler_remove();
      break;
    }
  }
  sigprocmask(SIG_SETMASK, &before, NULL);
  if (status != FX_LINE) return status;
  if (taken == NULL) return FX_LINE_END;
  *line = taken;
  return FX_LINE;
}

void fx_add_history(const char *line) { add_history(line); }
const char *fx_readline_version(void) { return rl_library_version; }

void fx_set_completer(fx_completer completer) {
  rl_completion_entry_function = completer;
  rl_attempted_completion_function = complete;
  rl_basic_word_break_characters = " \t\n\"\\'><=;:+-*/%^~#{}()[],";
}
