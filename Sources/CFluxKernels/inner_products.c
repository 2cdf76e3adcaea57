/* Few rows against many: the Lasso's columns and the eigenvectors' blocks. A tile of 4 x 3 inner products keeps twelve
 * vectors of partial sums in registers; the rows are walked in runs that stay in the first cache. A library's dgemm packs both
 * operands first, which for so few rows costs as much as the product, and may know this processor by a baseline kernel only. */
#include "CFluxInnerProducts.h"
#include <string.h>

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

#pragma clang fp contract(fast)

typedef double V __attribute__((ext_vector_type(8), aligned(8)));
enum { ROWS = 4, COLUMNS = 3, RUN = 512 };

CLONES static void tile(const double *const *a, const double *const *b, long length, double *sums) {
  V s[ROWS][COLUMNS];
  for (int i = 0; i < ROWS; i++)
    for (int j = 0; j < COLUMNS; j++) s[i][j] = (V)0.0;
  long t = 0;
  for (; t + 8 <= length; t += 8) {
    V y[COLUMNS];
    for (int j = 0; j < COLUMNS; j++) y[j] = *(const V *)(b[j] + t);
    for (int i = 0; i < ROWS; i++) {
      const V x = *(const V *)(a[i] + t);
      for (int j = 0; j < COLUMNS; j++) s[i][j] += x * y[j];
    }
  }
  for (int i = 0; i < ROWS; i++)
    for (int j = 0; j < COLUMNS; j++) {
      double rest = 0;
      for (long u = t; u < length; u++) rest += a[i][u] * b[j][u];
      const V v = s[i][j];
      sums[i * COLUMNS + j] += ((v[0] + v[4]) + (v[1] + v[5])) + ((v[2] + v[6]) + (v[3] + v[7])) + rest;
    }
}

void fx_inner_products(const double *a, long m, const double *b, long count, long length, double *out, long stride) {
  for (long i = 0; i < m; i++) memset(out + i * stride, 0, count * sizeof(double));
  for (long first = 0; first < length; first += RUN) {
    const long run = length - first < RUN ? length - first : RUN;
    for (long j = 0; j < count; j += COLUMNS) {
      const double *y[COLUMNS];
      for (int c = 0; c < COLUMNS; c++) y[c] = b + (j + c < count ? j + c : count - 1) * length + first;
      for (long i = 0; i < m; i += ROWS) {
        const double *x[ROWS];
        double sums[ROWS * COLUMNS] = {0};
        for (int r = 0; r < ROWS; r++) x[r] = a + (i + r < m ? i + r : m - 1) * length + first;
        tile(x, y, run, sums);
        for (int r = 0; r < ROWS && i + r < m; r++)
          for (int c = 0; c < COLUMNS && j + c < count; c++) out[(i + r) * stride + j + c] += sums[r * COLUMNS + c];
      }
    }
  }
}
