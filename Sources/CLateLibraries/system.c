#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include "late.h"

_Thread_local int fx_hears_interrupts;

// GMT runs ghostscript by system(3), and that ignores SIGINT meanwhile: an interrupt just before ghostscript starts, or
// while it ends, was heard by nobody. The program's own `system` stands before libc's for every library; where GMT calls
// it, it ignores nothing, and elsewhere it is libc's.
__attribute__((visibility("default"))) int system(const char *command) {
  if (!fx_hears_interrupts || !command) {
    int (*other)(const char *) = (int (*)(const char *))dlsym(RTLD_NEXT, "system");
    return other(command);
  }
  char *const words[] = {"sh", "-c", (char *)command, NULL};
  pid_t child;
  int status, code = posix_spawn(&child, "/bin/sh", NULL, NULL, words, environ);
  if (code != 0) {
    errno = code;
    return -1;
  }
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return status;
}
