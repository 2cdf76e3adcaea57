#ifndef FX_LATE_H
#define FX_LATE_H
#include <stddef.h>

/// A function of a late-bound library, and where its address goes.
struct late_symbol {
  const char *name;
  void **place;
};

/// Opens the first library of `names` (ended by 0) that the machine has and finds all symbols in it. Otherwise gives 0, and in
/// `reason` what is missing; `needed` is the version that has all symbols, as a reader would call it.
void *late_open(const char *const *names, const struct late_symbol *symbols, size_t count, const char *needed, char *reason, size_t room);

/// Whether this thread runs a library whose programs, started by `system`, must not keep SIGINT from us.
extern _Thread_local int fx_hears_interrupts;

#endif
