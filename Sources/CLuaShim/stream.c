// Standard output and error; in Swift 6 mode the C globals are out of reach.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>

#include "CLuaShim.h"

void fx_write_output(const char *bytes, size_t count) { fwrite(bytes, 1, count, stdout); }

void fx_flush_output(void) { fflush(stdout); }

void fx_write_error(const char *bytes, size_t count) {
  fflush(stdout);
  fwrite(bytes, 1, count, stderr);
  fflush(stderr);
}

static ssize_t (*take_text)(int, const char *, size_t);
static ssize_t (*give_text)(char *, size_t);

static ssize_t write_cookie(void *cookie, const char *bytes, size_t count) {
  return take_text((int)(intptr_t)cookie, bytes, count);
}

static ssize_t read_cookie(void *cookie, char *bytes, size_t count) {
  (void)cookie;
  return give_text(bytes, count);
}

bool fx_redirect_streams(ssize_t (*take)(int stream, const char *bytes, size_t count), ssize_t (*give)(char *bytes, size_t count)) {
  take_text = take;
  give_text = give;
  cookie_io_functions_t writes = {.write = write_cookie}, reads = {.read = read_cookie};
  FILE *output = fopencookie((void *)(intptr_t)1, "w", writes), *error = fopencookie((void *)(intptr_t)2, "w", writes);
  FILE *input = fopencookie(NULL, "r", reads);
  if (output == NULL || error == NULL || input == NULL) return false;
  // Unbuffered: every text is seen at once, and in its order with the other stream's.
  setvbuf(output, NULL, _IONBF, 0);
  setvbuf(error, NULL, _IONBF, 0);
  fflush(stdout);
  stdout = output;
  stderr = error;
  stdin = input;
  return true;
}
