/* The loops that a gradient spends its time in, for float32: with the widest vectors of the machine.
 * Where the incoming gradient is zero the outgoing one is exactly zero, whatever the other factor:
 * 0 x NaN never comes back from a missing value. */
#include "CFluxFunctions.h"

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

/* No contraction to FMA here: each step is one rounding, on every machine. */
#pragma clang fp contract(off)

CLONES void fx_multiply_run(const float *a, const float *b, float *y, long count) {
  for (long i = 0; i < count; i++) y[i] = a[i] * b[i];
}

CLONES void fx_add_run(const float *a, const float *b, float *y, long count) {
  for (long i = 0; i < count; i++) y[i] = a[i] + b[i];
}

/* One name for one block, or the compiler fears overlaps and leaves its vectors unused. */
CLONES static void add_into(float *y, const float *x, long count) {
  for (long i = 0; i < count; i++) y[i] += x[i];
}

CLONES static void gate_into(float *g, const float *d, long count) {
  for (long i = 0; i < count; i++) g[i] = g[i] == 0 ? 0 : g[i] * d[i];
}

CLONES static void gate(const float *g, const float *d, float *out, long count) {
  for (long i = 0; i < count; i++) out[i] = g[i] == 0 ? 0 : g[i] * d[i];
}

CLONES static void tanh_gate_into(float *g, const float *y, long count) {
  for (long i = 0; i < count; i++) g[i] = g[i] == 0 ? 0 : g[i] * (1 - y[i] * y[i]);
}

CLONES static void tanh_gate(const float *g, const float *y, float *out, long count) {
  for (long i = 0; i < count; i++) out[i] = g[i] == 0 ? 0 : g[i] * (1 - y[i] * y[i]);
}

void fx_add_into_run(float *y, const float *x, long count) { add_into(y, x, count); }

void fx_gate_run(const float *g, const float *d, float *out, long count) {
  if (out == g) gate_into(out, d, count); else gate(g, d, out, count);
}

void fx_tanh_gate_run(const float *g, const float *y, float *out, long count) {
  if (out == g) tanh_gate_into(out, y, count); else tanh_gate(g, y, out, count);
}
