// Inputs from the user, with GNU readline; its global variables stay in C.
#ifndef FX_READLINE_SHIM_H
#define FX_READLINE_SHIM_H

#include <stdbool.h>

typedef enum { FX_LINE, FX_LINE_END, FX_LINE_CANCELLED } fx_line_status;

/// What the text typed so far needs when Enter is pressed.
typedef struct {
  /// The indentation of the line to come, or -1 when the input is whole.
  int next;
  /// The indentation that the cursor's line should have, or -1 to leave it.
  int current;
} fx_continuation;

/// What Tab offers for the word `line[start..<end]`.
typedef struct {
  /// How many candidates `fx_candidate` gives.
  int count;
  /// Offer file names when there are no candidates.
  bool takes_files;
} fx_offer;

typedef fx_continuation (*fx_continue)(const char *text);
typedef fx_offer (*fx_complete)(const char *line, int start, int end);
/// The candidate `i`, as a string that readline frees.
typedef char *(*fx_candidate)(int i);

/// Prepares readline; the user's inputrc has the last word on keys and variables.
void fx_prepare(fx_continue continuation, fx_complete complete, fx_candidate candidate);

/// Whether an input of several lines can be edited as one: not on terminals that cannot move up.
bool fx_edits_lines(void);

/// Reads an input after `prompt`; the caller frees `*line`, which is set for FX_LINE alone.
/// Ctrl-C cancels it: SIGINT's handler runs, and `is_interrupted` then says so.
fx_line_status fx_read_line(const char *prompt, bool (*is_interrupted)(void), char **line);
void fx_add_history(const char *line);
const char *fx_readline_version(void);
/// The terminal's width in columns; 80 when it is not known.
int fx_columns(void);

#endif
