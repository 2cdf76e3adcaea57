/* Dynamic time warping with vector lanes = pairs: no lane ever waits for another, and every step is exact.
 *
 * A row of the band is kept in place: cell (p, q) lies at q - p + window. Two rows are computed in one walk, so that the row before
 * and the other series are read once for two cells. What lies outside the band, or outside the matrix, is infinity. */
#include "CFluxTimeWarping.h"
#include <math.h>

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

/* Within an expression only, so that every cell is rounded alike and the distance of a and b is that of b and a. */
#pragma clang fp contract(on)

typedef double V __attribute__((ext_vector_type(8), aligned(64)));
enum { U = FX_WARP_LANES / 8, CHECK = 16 /* rows between two looks at the limit */ };

/* A comparison and a choice become one instruction; fmin would care for NaN. */
#define LEAST(x, y) ((x) < (y) ? (x) : (y))
#define EACH_U _Pragma("clang loop unroll(full)") for (int u = 0; u < U; u++)

long fx_warp_scratch(long length, long window) {
  (void)length;
  return (2 * window + 3) * FX_WARP_LANES;
}

/* Row p alone, from the row before: reads at k + 1, writes at k. */
#define ROW(COST)                                                                        \
  for (long q = first; q <= last; q++) {                                                 \
    V *cell = row + (q - p + window) * U;                                                \
    const V *other = series + q * U;                                                     \
    EACH_U {                                                                             \
      V up = cell[U + u], d = ap - other[u];                                             \
      V least = LEAST(up, before[u]);                                                    \
      least = LEAST(least, left[u]);                                                     \
      left[u] = COST + least;                                                            \
      before[u] = up;                                                                    \
      cell[u] = left[u];                                                                 \
    }                                                                                    \
  }

/* Rows p and p + 1: reads at k + 2, writes at k, where k is the place in row p + 1. */
#define TWO_ROWS(COST)                                                                   \
  if (second > first) {                                                                  \
    const V *other = series + first * U;                                                 \
    EACH_U {                                                                             \
      V up = row[(first - p + 1 + window) * U + u], d = ap - other[u];                   \
      V least = LEAST(up, before[u]);                                                    \
      left[u] = COST + least;                                                            \
      before[u] = up;                                                                    \
    }                                                                                    \
  }                                                                                      \
  for (long q = second; q <= last; q++) {                                                \
    V *cell = row + (q - p - 1 + window) * U;                                            \
    const V *other = series + q * U;                                                     \
    EACH_U {                                                                             \
      V up = cell[2 * U + u], d = ap - other[u];                                         \
      V least = LEAST(up, before[u]);                                                    \
      least = LEAST(least, left[u]);                                                     \
      V upper = COST + least;                                                            \
      before[u] = up;                                                                    \
      d = bp - other[u];                                                                 \
      least = LEAST(upper, left[u]);                                                     \
      least = LEAST(least, below[u]);                                                    \
      left[u] = upper;                                                                   \
      below[u] = COST + least;                                                           \
      cell[u] = below[u];                                                                \
    }                                                                                    \
  }                                                                                      \
  if (end > last) {                                                                      \
    const V *other = series + end * U;                                                   \
    EACH_U {                                                                             \
      V d = bp - other[u];                                                               \
      V least = LEAST(left[u], below[u]);                                                \
      row[(end - p - 1 + window) * U + u] = COST + least;                                \
    }                                                                                    \
  }

CLONES void fx_warp(const double *a, const double *b, long length, long window, int absolute, double limit,
                    double *scratch, double *out) {
  V *row = (V *)scratch;
  const V *series = (const V *)b;
  const V infinity = (V)INFINITY;
  for (long k = 0; k < (2 * window + 3) * U; k++) row[k] = infinity;
  for (int u = 0; u < U; u++) row[window * U + u] = (V)0.0; /* the cell before the first one */
  for (long p = 0; p < length; p += 2) {
    const long first = p > window ? p - window : 0, last = p + window < length ? p + window : length - 1;
    const V ap = (V)a[p];
    V left[U], before[U];
    EACH_U {
      before[u] = row[(first - p + window) * U + u];
      left[u] = infinity;
    }
    const long kept = p + 1;
    if (kept == length) {
      if (absolute) { ROW(__builtin_elementwise_abs(d)) } else { ROW(d * d) }
      break;
    }
    const long second = kept > window ? kept - window : 0;
    const V bp = (V)a[kept];
    V below[U];
    EACH_U below[u] = infinity;
    const long end = kept + window < length ? kept + window : length - 1;
    if (absolute) { TWO_ROWS(__builtin_elementwise_abs(d)) } else { TWO_ROWS(d * d) }
    if (p % CHECK == CHECK - 2 && limit < INFINITY) {
      V least = infinity;
      for (long q = second; q <= end; q++)
        for (int u = 0; u < U; u++) {
          V v = row[(q - kept + window) * U + u];
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
