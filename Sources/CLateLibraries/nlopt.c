#include <pthread.h>
#include <stdio.h>
#include "CLateLibraries.h"
#include "late.h"

typedef struct nlopt_opt_s *nlopt_opt;
typedef double (*nlopt_func)(unsigned, const double *, double *, void *);

static int (*algorithm_from_string)(const char *);
static nlopt_opt (*create)(int, unsigned);
static void (*destroy)(nlopt_opt);
static int (*set_min_objective)(nlopt_opt, nlopt_func, void *);
static int (*set_maxeval)(nlopt_opt, int);
static int (*set_ftol_rel)(nlopt_opt, double);
static int (*set_vector_storage)(nlopt_opt, unsigned);
static int (*force_stop)(nlopt_opt);
static int (*optimize)(nlopt_opt, double *, double *);

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char missing[256] = "not looked for";
static int is_missing = 1;
static char version_text[32];

static void load(void) {
  void (*version)(int *, int *, int *) = 0;
  const struct late_symbol symbols[] = {
    {"nlopt_algorithm_from_string", (void **)&algorithm_from_string}, {"nlopt_create", (void **)&create},
    {"nlopt_destroy", (void **)&destroy}, {"nlopt_set_min_objective", (void **)&set_min_objective},
    {"nlopt_set_maxeval", (void **)&set_maxeval}, {"nlopt_set_ftol_rel", (void **)&set_ftol_rel},
    {"nlopt_set_vector_storage", (void **)&set_vector_storage}, {"nlopt_force_stop", (void **)&force_stop},
    {"nlopt_optimize", (void **)&optimize}, {"nlopt_version", (void **)&version},
  };
  const char *const names[] = {"libnlopt.so.0", "libnlopt.so", 0};
  if (!late_open(names, symbols, sizeof symbols / sizeof *symbols, "NLopt 2.7 or newer", missing, sizeof missing)) return;
  int major = 0, minor = 0, bugfix = 0;
  version(&major, &minor, &bugfix);
  snprintf(version_text, sizeof version_text, "%d.%d.%d", major, minor, bugfix);
  is_missing = 0;
}

const char *fx_nlopt_missing(void) {
  pthread_once(&once, load);
  return is_missing ? missing : 0;
}

const char *fx_nlopt_version(void) { return fx_nlopt_missing() ? 0 : version_text; }

struct call {
  fx_smooth_function f;
  void *context;
  nlopt_opt search;
};

static double evaluate(unsigned count, const double *x, double *gradient, void *data) {
  struct call *call = data;
  int stop = 0;
  double value = call->f(count, x, gradient, call->context, &stop);
  if (stop) force_stop(call->search);
  return value;
}

int fx_nlopt_lbfgs(unsigned count, double *x, double *smallest, unsigned memory, int evaluations, double tolerance,
                   fx_smooth_function f, void *context) {
  if (fx_nlopt_missing()) return -100;
  nlopt_opt search = create(algorithm_from_string("LD_LBFGS"), count);
  if (!search) return -3;
  struct call call = {f, context, search};
  int code = set_min_objective(search, evaluate, &call);
  if (code > 0 && memory > 0) code = set_vector_storage(search, memory);
  if (code > 0) code = set_maxeval(search, evaluations);
  if (code > 0) code = set_ftol_rel(search, tolerance);
  if (code > 0) code = optimize(search, x, smallest);
  destroy(search);
  return code;
}
