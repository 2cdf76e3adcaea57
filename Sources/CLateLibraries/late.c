#include "late.h"
#include <dlfcn.h>
#include <stdio.h>

void *late_open(const char *const *names, const struct late_symbol *symbols, size_t count, const char *needed, char *reason, size_t room) {
  void *library = 0;
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
