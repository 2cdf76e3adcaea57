#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include "CLateLibraries.h"
#include "late.h"

// gmt_resources.h of GMT 6, which changes these numbers only with a new major version.
enum { session_noexit = 1, session_external = 2, session_nohistory = 32 };

typedef int (*gmt_printer)(FILE *, const char *);

static void *library;
static void *(*create_session)(const char *, unsigned, unsigned, gmt_printer);
static int (*destroy_session)(void *);
static float (*get_version)(void *, unsigned *, unsigned *, unsigned *);

static char reason[512] = "not looked for";
static char version_text[32];

// GMT calls back on the thread that called it, and callers hold a lock.
static char messages[8192];
static size_t message_length;

static int keep_message(FILE *stream, const char *text) {
  (void)stream;
  size_t length = strlen(text), room = sizeof messages - 1 - message_length;
  if (length > room) length = room;
  memcpy(messages + message_length, text, length);
  message_length += length;
  messages[message_length] = 0;
  return 0;
}

const char *fx_gmt_missing(const char *name) {
  if (library) return 0;
  const struct late_symbol symbols[] = {
    {"GMT_Create_Session", (void **)&create_session}, {"GMT_Destroy_Session", (void **)&destroy_session},
    {"GMT_Get_Version", (void **)&get_version},
  };
  const char *const names[] = {name ? name : "libgmt.so.6", 0};
  library = late_open(names, symbols, sizeof symbols / sizeof *symbols, "GMT 6", reason, sizeof reason);
  if (!library) return reason;
  unsigned major = 0, minor = 0, patch = 0;
  get_version(0, &major, &minor, &patch);
  snprintf(version_text, sizeof version_text, "%u.%u.%u", major, minor, patch);
  return 0;
}

const char *fx_gmt_version(void) { return fx_gmt_missing(0) ? 0 : version_text; }

void *fx_gmt_open(void) {
  if (fx_gmt_missing(0)) return 0;
  message_length = 0;
  messages[0] = 0;
  return create_session("fluxbridge", 2, session_noexit | session_external | session_nohistory, keep_message);
}

// Not by GMT_Call_Module: it opens the library a second time, as libgmt.so, a name that only packages for developers
// bring. A module is the function GMT_<name>, as every plug-in of GMT has them too.
int fx_gmt_call(void *session, const char *module, int count, char **arguments) {
  message_length = 0;
  messages[0] = 0;
  char name[64];
  snprintf(name, sizeof name, "GMT_%s", module);
  int (*run)(void *, int, void *) = (int (*)(void *, int, void *))dlsym(library, name);
  if (run) {
    fx_hears_interrupts = 1;
    int code = run(session, count, arguments);
    fx_hears_interrupts = 0;
    return code;
  }
  snprintf(messages, sizeof messages, "ERROR: this GMT has no function %s", name);
  return -1;
}

const char *fx_gmt_messages(void) { return messages; }

void fx_gmt_close(void *session) { destroy_session(session); }
