// readline through its callback interface: SIGINT is blocked except while we
// wait in ppoll, so that no Ctrl-C falls between the check and the wait.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <readline/readline.h>
#include <readline/history.h>

#include "keys.h"

static bool is_done;
static char *taken;
static fx_complete offer_for;
static fx_candidate candidate;
static int candidate_count;
static volatile sig_atomic_t was_resized, was_continued;

static void take_line(char *line) {
  taken = line;
  is_done = true;
  rl_callback_handler_remove();
}

static char *next_candidate(const char *word, int state) {
  static int next;
  (void)word;
  if (state == 0) next = 0;
  return next < candidate_count ? candidate(next++) : NULL;
}

static char **complete(const char *word, int start, int end) {
  fx_offer offer = offer_for(rl_line_buffer, start, end);
  candidate_count = offer.count;
  rl_completion_append_character = '\0';
  rl_attempted_completion_over = offer.count > 0 || !offer.takes_files;
  return offer.count > 0 ? rl_completion_matches(word, next_candidate) : NULL;
}

static void on_resize(int signal) {
  (void)signal;
  was_resized = 1;
}

static void on_continue(int signal) {
  (void)signal;
  was_continued = 1;
}

static void catch_signal(int signal, void (*handler)(int)) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;  // ppoll returns all the same
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, NULL);
}

void fx_prepare(fx_continue continuation, fx_complete complete_word, fx_candidate candidate_at) {
  offer_for = complete_word;
  candidate = candidate_at;
  rl_readline_name = "fluxbridge";
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;  // readline would look at it only between two keys
  rl_attempted_completion_function = complete;
  rl_basic_word_break_characters = " \t\n\"\\'><=;:+-*/%^~#{}()[],.?!&|";
  rl_completer_quote_characters = "\"'";
  rl_variable_bind("show-all-if-ambiguous", "on");
  rl_variable_bind("page-completions", "off");
  rl_variable_bind("completion-query-items", "300");
  rl_initialize();
  fx_bind_keys(continuation);
  catch_signal(SIGWINCH, on_resize);
  catch_signal(SIGCONT, on_continue);
}

bool fx_edits_lines(void) { return rl_get_termcap("up") != NULL; }

int fx_columns(void) {
  int rows = 0, columns = 0;
  rl_get_screen_size(&rows, &columns);
  return columns > 0 ? columns : 80;
}

// A resize or a return from the background came while we waited.
static void redraw(void) {
  if (was_continued) {
    was_continued = 0;
    rl_deprep_terminal();
    rl_prep_terminal(1);
    rl_forced_update_display();
  }
  if (was_resized) {
    was_resized = 0;
    rl_resize_terminal();
  }
}

fx_line_status fx_read_line(const char *prompt, bool (*is_interrupted)(void), char **line) {
  sigset_t interrupt, before;
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  sigprocmask(SIG_BLOCK, &interrupt, &before);
  is_done = false;
  taken = NULL;
  was_continued = 0;
  if (was_resized) {
    was_resized = 0;
    rl_reset_screen_size();
  }
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
      if (!is_interrupted()) {
        redraw();
        continue;
      }
      status = FX_LINE_CANCELLED;
      rl_point = rl_end;
      rl_redisplay();  // the cursor behind all lines of the input
      fputs("^C", rl_outstream);
      rl_callback_sigcleanup();
      rl_free_line_state();
      rl_callback_handler_remove();
      fputs("\n", rl_outstream);
      fflush(rl_outstream);
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
