// Libraries that a machine may lack: found by dlopen when they are first asked for. No header, no link line.
#pragma once
#include "arrivals.h"
#include "zeromq.h"

/// f(x) and its gradient; writes 1 to `stop` to end the search.
typedef double (*fx_smooth_function)(unsigned count, const double *x, double *gradient, void *context, int *stop);

/// NULL once NLopt is loaded, otherwise why it is not.
const char *fx_nlopt_missing(void);

/// "2.7.1"; NULL when NLopt is missing.
const char *fx_nlopt_version(void);

/// Searches the smallest f by NLopt's limited-memory BFGS (LD_LBFGS), from `x`, which holds the end of the search afterwards.
///
/// memory: pairs of steps that are kept, 0 for NLopt's own choice. evaluations: at most so many, 0 for no limit.
/// tolerance: relative change of f at which it ends, 0 for none.
/// Returns NLopt's code: above 0 an end as wanted, below 0 an error; -100 when NLopt is missing.
int fx_nlopt_lbfgs(unsigned count, double *x, double *smallest, unsigned memory, int evaluations, double tolerance,
                   fx_smooth_function f, void *context);

/// NULL once GMT 6 is loaded, otherwise why it is not. name: another file than libgmt.so.6, or NULL.
/// This and the other fx_gmt functions are called by one thread at a time.
const char *fx_gmt_missing(const char *name);

/// "6.4.0"; NULL when GMT is missing.
const char *fx_gmt_version(void);

/// A session that never ends the process and keeps no history; NULL when there is none to be had.
void *fx_gmt_open(void);

/// Runs a module with its arguments; 0 when it went well. What it said is in fx_gmt_messages until the next call.
int fx_gmt_call(void *session, const char *module, int count, char **arguments);

const char *fx_gmt_messages(void);

void fx_gmt_close(void *session);

/// NULL once chafa is loaded, otherwise why it is not.
const char *fx_chafa_missing(void);

/// A picture as text for a terminal, to be freed; NULL when it cannot be made.
///
/// rgb: three bytes a pixel from the top left. columns, rows: of characters.
/// pixel_mode: 0 Unicode blocks, 1 sixels, 2 kitty. colour_mode: 0 true colour, 1 the 256 of most terminals.
char *fx_chafa_draw(const unsigned char *rgb, int width, int height, int columns, int rows, int pixel_mode, int colour_mode);
