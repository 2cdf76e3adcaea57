#ifndef CFLUXKERNELS_H
#define CFLUXKERNELS_H

#include "CFluxFunctions.h"
#include "CFluxInnerProducts.h"
#include "CFluxTimeWarping.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  FX_MAX_LAYERS = 8,  /* dense layers, the output layer included */
  FX_TILE = 128,      /* samples that pass the network together */
  FX_BLOCK = 8,       /* output units computed together; widths are padded to it */
  FX_LANES = 16       /* partial sums of each weight's gradient */
};

/* What a hidden unit makes of its weighted sum. */
enum { FX_RELU = 0, FX_TANH = 1, FX_GELU = 2 };

/* A fully connected network with one linear output.
 *
 * weight[l] is [input][padded output], bias[l] [padded output], transposed[l]
 * [output][padded input]; padding is zero. The last layer's weight is [input].
 */
typedef struct {
  int layers;                                /* dense layers */
  int width[FX_MAX_LAYERS + 1];              /* inputs, hidden widths, 1 */
  int activation;                            /* of all hidden layers: FX_RELU, FX_TANH or FX_GELU */
  const float *weight[FX_MAX_LAYERS];
  const float *bias[FX_MAX_LAYERS];
  const float *transposed[FX_MAX_LAYERS];
  const float *mean, *inverse_deviation;     /* [input], standardisation */
} FxNetwork;

/* Floats of scratch memory that one call needs. */
long fx_network_scratch(const FxNetwork *net);
/* Floats of the accumulator of weight gradients. */
long fx_network_accumulator(const FxNetwork *net);

/* y[s] = f(x_s) for `count` samples; sample s of input k is x[k][s * stride]. */
void fx_network_forward(const FxNetwork *net, const float *const *x, long stride, long count,
                        float *y, float *scratch);

/* The first layer's weighted sums over some inputs only (numbers `which`), bias included: what constant and seasonal
 * drivers add, to be kept for all years. Contiguous columns, one for each of `which`. For networks with a hidden layer. */
void fx_network_base(const FxNetwork *net, int inputs, const int *which, const float *const *x, long count,
                     float *base, float *scratch);
/* Floats of `base`: [tile][padded unit][FX_TILE]. */
long fx_network_base_size(const FxNetwork *net, long count);
/* y[s] = f(x_s), the first layer beginning from `base`, to which the other inputs are added. */
void fx_network_forward_onto(const FxNetwork *net, const float *base, int inputs, const int *which, const float *const *x,
                             long count, float *y, float *scratch);

/* Adds sum_s g[s] df(x_s)/dweight to the accumulator, and writes y[s] = f(x_s) unless y is null:
 * forward and backward of a tile while it is in cache. */
void fx_network_gradient(const FxNetwork *net, const float *const *x, long stride, long count,
                         const float *g, float *y, float *accumulator, float *scratch);

/* Returns sum_s w[s] (f(x_s) - target[s])^2 and adds half its gradient to the accumulator, in one pass.
 * Without weights (null) every w[s] is 1. */
double fx_network_squares(const FxNetwork *net, const float *const *x, long stride, long count,
                          const float *target, const float *weight, float *accumulator, float *scratch);

/* Folds the accumulator's lanes into the gradient: per layer weight [input][output], then bias [output]. */
void fx_network_fold(const FxNetwork *net, const float *accumulator, float *gradient);

/* The instruction set that the clones above run with on this machine: "x86-64-v4", "x86-64-v3" or "baseline". */
const char *fx_instruction_set(void);

#ifdef __cplusplus
}
#endif
#endif
