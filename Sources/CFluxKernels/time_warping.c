/* Dynamic time warping with vector lanes = pairs: no lane ever waits for another, and every step is exact.
 *
 * A row of the band is kept in place: cell (p, q) lies at q - p + window, so that the old values at k and k + 1 are
 * those of (p-1, q-1) and (p-1, q). What lies outside the band, or outside the matrix, is infinity. */
#include "CFluxTimeWarping.h"
#include <math.h>

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

#pragma clang fp contract(fast)

typedef double V __attribute__((ext_vector_type(8), aligned(64)));
enum { U = FX_WARP_LANES / 8, CHECK = 16 /* rows between two looks at the limit */ };

/* A comparison and a choice become one instruction; fmin would care for NaN. */
#define LEAST(x, y) ((x) < (y) ? (x) : (y))

long fx_warp_scratch(long length, long window) {
  (void)length;
  return (2 * window + 2) * FX_WARP_LANES;
}

#define ROW(COST)                                                                        \
  for (long q = first; q <= last; q++) {                                                 \
    V *cell = row + (q - p + window) * U;                                                \
    const V *other = series + q * U;                                                     \
    _Pragma("clang loop unroll(full)") for (int u = 0; u < U; u++) {                     \
      V up = cell[U + u], d = ap - other[u];                                             \
      V least = LEAST(up, before[u]);                                                    \
      least = LEAST(least, left[u]);                                                     \
      left[u] = COST + least;                                                            \
      before[u] = up;                                                                    \
      cell[u] = left[u];                                                                 \
    }                                                                                    \
  }

CLONES void fx_warp(const double *a, const double *b, long length, long window, int absolute, double limit,
                    double *scratch, double *out) {
  V *row = (V *)scratch;
  const V *series = (const V *)b;
  const V infinity = (V)INFINITY;
  for (long k = 0; k < (2 * window + 2) * U; k++) row[k] = infinity;
  for (int u = 0; u < U; u++) row[window * U + u] = (V)0.0; /* the cell before the first one */
  for (long p = 0; p < length; p++) {
    const long first = p > window ? p - window : 0, last = p + window < length ? p + window : length - 1;
    const V ap = (V)a[p];
    V left[U], before[U];
    for (int u = 0; u < U; u++) {
      before[u] = row[(first - p + window) * U + u];
      left[u] = infinity;
      if (first > p - window) row[(first - p + window - 1) * U + u] = infinity; /* column -1 */
    }
    if (absolute) { ROW(__builtin_elementwise_abs(d)) } else { ROW(d * d) }
    if (p % CHECK == CHECK - 1 && limit < INFINITY) {
      V least = infinity;
      for (long q = first; q <= last; q++)
        for (int u = 0; u < U; u++) {
          V v = row[(q - p + window) * U + u];
          least = LEAST(v, least);
        }
      int hopeless = 1;
      for (int lane = 0; lane < 8; lane++) hopeless &= least[lane] > limit;
      if (hopeless) {
        for (int lane = 0; lane < FX_WARP_LANES; lane++) out[lane] = INFINITY;
        return;
      }
    }
  }
  for (int u = 0; u < U; u++)
    for (int lane = 0; lane < 8; lane++) out[u * 8 + lane] = row[window * U + u][lane];
}
