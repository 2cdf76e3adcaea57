// One line from the user, with GNU readline; its global variables stay in C.
#ifndef FX_READLINE_SHIM_H
#define FX_READLINE_SHIM_H

#include <stdbool.h>

typedef enum { FX_LINE, FX_LINE_END, FX_LINE_CANCELLED } fx_line_status;

/// Reads a line after `prompt`; the caller frees `*line`, which is set for FX_LINE alone.
/// Ctrl-C cancels the line: SIGINT's handler runs, and `is_interrupted` then says so.
fx_line_status fx_read_line(const char *prompt, bool (*is_interrupted)(void), char **line);
void fx_add_history(const char *line);
const char *fx_readline_version(void);

/// Tab completion: called with the word before the cursor; gives the `state`-th
/// candidate as a string that readline frees, or NULL after the last.
typedef char *(*fx_completer)(const char *word, int state);
void fx_set_completer(fx_completer completer);

#endif
