// Keys for inputs of several lines: Enter goes on while the input is not whole,
// Up and Down move within it before they search the history, Tab indents.
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <readline/readline.h>

#include "keys.h"

static fx_continue continuation;

static int line_start(int at) {
  while (at > 0 && rl_line_buffer[at - 1] != '\n') at--;
  return at;
}

static int line_end(int at) {
  while (at < rl_end && rl_line_buffer[at] != '\n') at++;
  return at;
}

// Whether more keys wait already: then somebody pastes, and the indentation is theirs.
static bool is_pasting(void) {
  int waiting = 0;
  return ioctl(fileno(rl_instream ? rl_instream : stdin), FIONREAD, &waiting) == 0 && waiting > 0;
}

static void insert_spaces(int count) {
  while (count-- > 0) rl_insert_text(" ");
}

// Gives the cursor's line its indentation: `end` goes back to where its block began.
static void indent_line(int indentation) {
  int start = line_start(rl_point), first = start;
  while (first < rl_end && rl_line_buffer[first] == ' ') first++;
  if (first - start <= indentation) return;
  int removed = first - start - indentation;
  rl_delete_text(start, start + removed);
  rl_point = rl_point - removed < start ? start : rl_point - removed;
}

static int enter(int count, int key) {
  if (!fx_edits_lines() || continuation == NULL) return rl_newline(count, key);
  fx_continuation wanted = continuation(rl_line_buffer);
  bool types = !is_pasting();
  if (types && wanted.current >= 0) indent_line(wanted.current);
  if (wanted.next < 0) {
    rl_point = rl_end;
    rl_redisplay();
    return rl_newline(count, key);
  }
  rl_insert_text("\n");
  if (types && rl_point == rl_end) insert_spaces(wanted.next);
  return 0;
}

static int tab(int count, int key) {
  int start = line_start(rl_point);
  bool is_blank = start > 0;  // an empty input lists everything instead
  for (int i = start; i < rl_point; i++) is_blank = is_blank && isspace((unsigned char)rl_line_buffer[i]);
  if (is_blank) {
    insert_spaces(2);
    return 0;
  }
  if (rl_last_func == tab) rl_last_func = rl_complete;  // a second Tab lists
  return rl_complete(count, key);
}

static void move_to_column(int start, int column) {
  int end = line_end(start);
  rl_point = start + column < end ? start + column : end;
  while (rl_point > start && ((unsigned char)rl_line_buffer[rl_point] & 0xC0) == 0x80) rl_point--;
}

static int up(int count, int key);

static int down(int count, int key) {
  int end = line_end(rl_point);
  if (end < rl_end) {
    move_to_column(end + 1, rl_point - line_start(rl_point));
    return 0;
  }
  if (rl_last_func == up || rl_last_func == down) rl_last_func = rl_history_search_forward;
  return rl_history_search_forward(count, key);
}

static int up(int count, int key) {
  int start = line_start(rl_point);
  if (start > 0) {
    move_to_column(line_start(start - 1), rl_point - start);
    return 0;
  }
  if (rl_last_func == up || rl_last_func == down) rl_last_func = rl_history_search_backward;
  return rl_history_search_backward(count, key);
}

// Binds a key unless the user's inputrc gave it another meaning.
static void bind(Keymap map, const char *sequence, rl_command_func_t *standard, rl_command_func_t *ours) {
  if (rl_function_of_keyseq(sequence, map, NULL) == standard) rl_bind_keyseq_in_map(sequence, ours, map);
}

void fx_bind_keys(fx_continue function) {
  continuation = function;
  rl_add_defun("fluxbridge-enter", enter, -1);
  rl_add_defun("fluxbridge-up", up, -1);
  rl_add_defun("fluxbridge-down", down, -1);
  Keymap maps[] = {emacs_standard_keymap, vi_insertion_keymap};
  for (int i = 0; i < 2; i++) {
    bind(maps[i], "\r", rl_newline, enter);
    bind(maps[i], "\n", rl_newline, enter);
    bind(maps[i], "\t", rl_complete, tab);
    bind(maps[i], "\033[A", rl_get_previous_history, up);
    bind(maps[i], "\033OA", rl_get_previous_history, up);
    bind(maps[i], "\033[B", rl_get_next_history, down);
    bind(maps[i], "\033OB", rl_get_next_history, down);
  }
}
