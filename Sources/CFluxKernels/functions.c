/* Functions and small products over runs of float32. */
#include "CFluxFunctions.h"
#include "vector_functions.h"
#include <string.h>

/* Every lane passes the same steps, the odd end of a run too. */
#define RUN(name, steps)                                    \
  CLONES void name(const float *x, float *y, long count) { \
    long i = 0;                                             \
    for (; i + LANES <= count; i += LANES) {                \
      v16 v = *(const v16 *)(x + i), w;                     \
      steps(&v, &w);                                        \
      *(v16 *)(y + i) = w;                                  \
    }                                                       \
    if (i < count) {                                        \
      v16 v = (v16)0.f, w;                                  \
      memcpy(&v, x + i, (size_t)(count - i) * sizeof *x);   \
      steps(&v, &w);                                        \
      memcpy(y + i, &w, (size_t)(count - i) * sizeof *y);   \
    }                                                       \
  }

RUN(fx_exp_run, exponential)
RUN(fx_log_run, logarithm)
RUN(fx_tanh_run, hyperbolic_tangent)
RUN(fx_sigmoid_run, logistic)
