// Standard output and error; in Swift 6 mode the C globals are out of reach.
#include <stdio.h>

#include "CLuaShim.h"

void fx_write_output(const char *bytes, size_t count) { fwrite(bytes, 1, count, stdout); }

void fx_flush_output(void) { fflush(stdout); }

void fx_write_error(const char *bytes, size_t count) {
  fflush(stdout);
  fwrite(bytes, 1, count, stderr);
  fflush(stderr);
}
