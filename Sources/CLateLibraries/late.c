#include "late.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// FLUXBRIDGE_WITHOUT="libgmt libchafa" takes libraries for missing, so that what happens then can be tried on any machine.
static int is_hidden(const char *name) {
  const char *word = getenv("FLUXBRIDGE_WITHOUT");
  while (word && *word) {
    size_t length = strcspn(word, " ,");
    if (length && strncmp(name, word, length) == 0) return 1;
    word += length;
    word += strspn(word, " ,");
  }
  return 0;
}

void *late_open(const char *const *names, const struct late_symbol *symbols, size_t count, const char *needed, char *reason, size_t room) {
  void *library = 0;
  if (is_hidden(names[0])) {
    snprintf(reason, room, "%s is left out by FLUXBRIDGE_WITHOUT", names[0]);
    return 0;
  }
  for (const char *const *name = names; *name && !library; name++) library = dlopen(*name, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *text = dlerror();
    if (text) snprintf(reason, room, "%s", text);
    else snprintf(reason, room, "%s cannot be opened", names[0]);
    return 0;
  }
  for (size_t i = 0; i < count; i++) {
    *symbols[i].place = dlsym(library, symbols[i].name);
    if (!*symbols[i].place) {
      snprintf(reason, room, "it has no %s: %s is needed", symbols[i].name, needed);
      dlclose(library);
      return 0;
    }
  }
  return library;
}
