/* The innermost loops of the flux network. Tiles of FX_TILE samples, laid out
 * [feature][sample]; vector lanes are samples, weights are broadcast. Plain C
 * with clang vector types: Swift's SIMD types run these loops twenty times slower. */
#include "CFluxKernels.h"
#include "vector_functions.h"
#include <string.h>

#define T FX_TILE
#define V(p) (*(v16 *)(p))

INLINE int padded(int width) { return (width + FX_BLOCK - 1) / FX_BLOCK * FX_BLOCK; }
INLINE int even(int width) { return (width + 1) / 2 * 2; }

/* o[j][t] = b[j] + sum_k w[k][j] h[k][t], rectified where asked; J a multiple of FX_BLOCK. */
INLINE void dense(int K, int J, const float *w, const float *b, const float *h, float *o, int rectify) {
  for (int j = 0; j < J; j += 8)
    for (int t = 0; t < T; t += 32) {
      v16 a[8], c[8];
      for (int q = 0; q < 8; q++) {
        a[q] = b ? (v16)b[j + q] : (v16)0.f;
        c[q] = a[q];
      }
      for (int k = 0; k < K; k++) {
        v16 u = V(h + k * T + t), v = V(h + k * T + t + 16);
#pragma clang loop unroll(full)
        for (int q = 0; q < 8; q++) {
          v16 ww = (v16)w[k * J + j + q];
          a[q] = u * ww + a[q];
          c[q] = v * ww + c[q];
        }
      }
      for (int q = 0; q < 8; q++) {
        v16 A = a[q], C = c[q];
        if (rectify) {
          /* max would turn a missing input into 0; the comparison lets NaN through */
          A = (A < (v16)0.f) ? (v16)0.f : A;
          C = (C < (v16)0.f) ? (v16)0.f : C;
        }
        V(o + (j + q) * T + t) = A;
        V(o + (j + q) * T + t + 16) = C;
      }
    }
}

/* acc[i][j] (FX_LANES partial sums) += a[i][t] g[j][t]; I even, J a multiple of FX_BLOCK. */
INLINE void outer(int I, int J, const float *a, const float *g, float *acc) {
  for (int i = 0; i < I; i += 2)
    for (int j = 0; j < J; j += 8) {
      v16 c[16];
      for (int p = 0; p < 2; p++)
        for (int q = 0; q < 8; q++) c[p * 8 + q] = V(acc + ((i + p) * J + j + q) * 16);
      for (int t = 0; t < T; t += 16) {
        v16 u = V(a + i * T + t), v = V(a + (i + 1) * T + t);
#pragma clang loop unroll(full)
        for (int q = 0; q < 8; q++) {
          v16 gg = V(g + (j + q) * T + t);
          c[q] = u * gg + c[q];
          c[8 + q] = v * gg + c[8 + q];
        }
      }
      for (int p = 0; p < 2; p++)
        for (int q = 0; q < 8; q++) V(acc + ((i + p) * J + j + q) * 16) = c[p * 8 + q];
    }
}

/* tanh or GELU of a layer in place of its weighted sums z. GELU's slope needs z, so it is kept in d:
 * z/2 (1 + tanh u), u = sqrt(2/pi) (z + 0.044715 z^3)  (Hendrycks and Gimpel 2016). */
INLINE void activate(int activation, int J, float *h, float *d) {
  if (activation == FX_TANH)
    for (long i = 0; i < (long)J * T; i += 16) {
      v16 z = V(h + i), y;
      hyperbolic_tangent(&z, &y);
      V(h + i) = y;
    }
  if (activation == FX_GELU)
    for (long i = 0; i < (long)J * T; i += 16) {
      v16 z = V(h + i), s = z * z, y;
      v16 u = 0.797884560802865356f * (z + 0.044715f * (s * z));
      hyperbolic_tangent(&u, &y);
      v16 slope = 0.797884560802865356f * (1.f + 0.134145f * s);
      V(h + i) = 0.5f * z * (1.f + y);
      V(d + i) = 0.5f * (1.f + y) + 0.5f * z * (1.f - y * y) * slope;
    }
}

/* g *= slope of the activation, and its sums over the tile are added to the bias' accumulator. */
INLINE void gate(int activation, int J, const float *h, const float *d, float *g, float *acc) {
  for (int j = 0; j < J; j++) {
    v16 s = V(acc + j * 16);
    for (int t = 0; t < T; t += 16) {
      v16 v = V(g + j * T + t), y = V(h + j * T + t);
      if (activation == FX_RELU) v = (y > (v16)0.f) ? v : (v16)0.f;
      else if (activation == FX_TANH) v = v - v * y * y;
      else v = v * V(d + j * T + t);
      V(g + j * T + t) = v;
      s += v;
    }
    V(acc + j * 16) = s;
  }
}

/* Samples first ... first + FX_TILE of the inputs, standardised; zeros past the end. */
INLINE void pack(const FxNetwork *n, const float *const *x, long stride, long first, long count, float *tile) {
  int inputs = n->width[0];
  long here = count - first < T ? count - first : T;
  for (int k = 0; k < inputs; k++) {
    const float *p = x[k] + first * stride;
    float m = n->mean[k], r = n->inverse_deviation[k];
    for (long t = 0; t < here; t++) tile[k * T + t] = (p[t * stride] - m) * r;
    for (long t = here; t < T; t++) tile[k * T + t] = 0;
  }
  if (inputs & 1) memset(tile + inputs * T, 0, T * sizeof(float));
}

/* Where the slopes of a layer's activation lie: behind its outputs. */
INLINE float *slopes(const FxNetwork *n, float *h, int J) { return n->activation == FX_GELU ? h + (long)J * T : h; }

/* The hidden layers of one tile: h[l] is the output of layer l. */
INLINE void hidden(const FxNetwork *n, const float *tile, float *const *h) {
  const float *below = tile;
  for (int l = 0; l < n->layers - 1; l++) {
    int J = padded(n->width[l + 1]);
    dense(n->width[l], J, n->weight[l], n->bias[l], below, h[l], n->activation == FX_RELU);
    if (n->activation != FX_RELU) activate(n->activation, J, h[l], slopes(n, h[l], J));
    below = h[l];
  }
}

/* o[t] = the linear output of a tile, from its top hidden layer. */
INLINE void output(const FxNetwork *n, const float *top, float *o) {
  int last = n->layers - 1;
  for (int t = 0; t < T; t += 16) {
    v16 sum = (v16)n->bias[last][0];
    for (int j = 0; j < n->width[last]; j++) sum = V(top + j * T + t) * (v16)n->weight[last][j] + sum;
    V(o + t) = sum;
  }
}

INLINE float *divide(const FxNetwork *n, float *scratch, float **h, float **ga, float **gb) {
  float *tile = scratch, *p = scratch + even(n->width[0]) * T;
  int widest = FX_BLOCK;
  for (int l = 0; l < n->layers - 1; l++) {
    h[l] = p;
    p += padded(n->width[l + 1]) * T * (n->activation == FX_GELU ? 2 : 1);
    if (padded(n->width[l + 1]) > widest) widest = padded(n->width[l + 1]);
  }
  *ga = p;
  *gb = p + widest * T;
  return tile;
}

long fx_network_scratch(const FxNetwork *n) {
  long size = even(n->width[0]);
  int widest = FX_BLOCK;
  for (int l = 0; l < n->layers - 1; l++) {
    size += padded(n->width[l + 1]) * (n->activation == FX_GELU ? 2 : 1);
    if (padded(n->width[l + 1]) > widest) widest = padded(n->width[l + 1]);
  }
  return (size + 2 * widest) * T;
}

/* Rows of the accumulator of layer l: activations below it, padded as they lie in the tile. */
INLINE int rows(const FxNetwork *n, int l) { return l == 0 ? even(n->width[0]) : padded(n->width[l]); }

long fx_network_accumulator(const FxNetwork *n) {
  long size = 0;
  for (int l = 0; l < n->layers; l++) {
    int J = l == n->layers - 1 ? 1 : padded(n->width[l + 1]);
    size += (long)rows(n, l) * J + J;
  }
  return size * FX_LANES;
}

CLONES void fx_network_forward(const FxNetwork *n, const float *const *x, long stride, long count,
                               float *y, float *scratch) {
  float *h[FX_MAX_LAYERS], *ga, *gb;
  float *tile = divide(n, scratch, h, &ga, &gb);
  int last = n->layers - 1;
  for (long first = 0; first < count; first += T) {
    pack(n, x, stride, first, count, tile);
    hidden(n, tile, h);
    const float *top = last > 0 ? h[last - 1] : tile;
    output(n, top, ga);
    long here = count - first < T ? count - first : T;
    memcpy(y + first, ga, here * sizeof(float));
  }
}

/* Where each layer's sums lie in the accumulator. */
INLINE void accumulators(const FxNetwork *n, float *accumulator, float **acc, float **accb) {
  float *p = accumulator;
  for (int l = 0; l < n->layers; l++) {
    int J = l == n->layers - 1 ? 1 : padded(n->width[l + 1]);
    acc[l] = p;
    accb[l] = p + (long)rows(n, l) * J * FX_LANES;
    p = accb[l] + J * FX_LANES;
  }
}

/* Backward through one tile: w[t] is the gradient at the output of sample t. ga and gb are overwritten. */
INLINE void backward(const FxNetwork *n, const float *w, const float *tile, float *const *h, float *ga, float *gb,
                     float *const *acc, float *const *accb) {
  int last = n->layers - 1, width = n->width[last];
  const float *top = last > 0 ? h[last - 1] : tile;
  float *gradient = ga, *spare = gb;
  for (int t = 0; t < T; t += 16) V(accb[last]) += V(w + t);
  for (int j = 0; j < width; j++) {
    v16 s = V(acc[last] + j * 16);
    for (int t = 0; t < T; t += 16) s = V(w + t) * V(top + j * T + t) + s;
    V(acc[last] + j * 16) = s;
  }
  if (last > 0)
    for (int j = 0; j < padded(width); j++) {
      v16 wj = j < width ? (v16)n->weight[last][j] : (v16)0.f;
      for (int t = 0; t < T; t += 16) V(gradient + j * T + t) = V(w + t) * wj;
    }
  for (int l = last - 1; l >= 0; l--) {
    int J = padded(n->width[l + 1]);
    const float *d = slopes(n, h[l], J);
    if (n->activation == FX_RELU) gate(FX_RELU, J, h[l], d, gradient, accb[l]);
    else if (n->activation == FX_TANH) gate(FX_TANH, J, h[l], d, gradient, accb[l]);
    else gate(FX_GELU, J, h[l], d, gradient, accb[l]);
    outer(rows(n, l), J, l == 0 ? tile : h[l - 1], gradient, acc[l]);
    if (l > 0) {
      dense(n->width[l + 1], padded(n->width[l]), n->transposed[l], 0, gradient, spare, 0);
      float *swap = gradient;
      gradient = spare;
      spare = swap;
    }
  }
}

/* o[j][t] = base[j][t] + sum_d w[which[d]][j] h[d][t], rectified where asked. */
INLINE void dense_onto(int D, const int *which, int J, const float *w, const float *base, const float *h, float *o, int rectify) {
  for (int j = 0; j < J; j += 8)
    for (int t = 0; t < T; t += 32) {
      v16 a[8], c[8];
      for (int q = 0; q < 8; q++) {
        a[q] = V(base + (j + q) * T + t);
        c[q] = V(base + (j + q) * T + t + 16);
      }
      for (int d = 0; d < D; d++) {
        v16 u = V(h + d * T + t), v = V(h + d * T + t + 16);
#pragma clang loop unroll(full)
        for (int q = 0; q < 8; q++) {
          v16 ww = (v16)w[which[d] * J + j + q];
          a[q] = u * ww + a[q];
          c[q] = v * ww + c[q];
        }
      }
      for (int q = 0; q < 8; q++) {
        v16 A = a[q], C = c[q];
        if (rectify) {
          A = (A < (v16)0.f) ? (v16)0.f : A;
          C = (C < (v16)0.f) ? (v16)0.f : C;
        }
        V(o + (j + q) * T + t) = A;
        V(o + (j + q) * T + t + 16) = C;
      }
    }
}

/* Some of the inputs of a tile, standardised; zeros past the end. */
INLINE void pack_some(const FxNetwork *n, int D, const int *which, const float *const *x, long first, long count, float *tile) {
  long here = count - first < T ? count - first : T;
  for (int d = 0; d < D; d++) {
    const float *p = x[d] + first;
    float m = n->mean[which[d]], r = n->inverse_deviation[which[d]];
    for (long t = 0; t < here; t++) tile[d * T + t] = (p[t] - m) * r;
    for (long t = here; t < T; t++) tile[d * T + t] = 0;
  }
}

long fx_network_base_size(const FxNetwork *n, long count) { return (count + T - 1) / T * padded(n->width[1]) * T; }

CLONES void fx_network_base(const FxNetwork *n, int inputs, const int *which, const float *const *x, long count,
                            float *base, float *scratch) {
  int J = padded(n->width[1]);
  for (long first = 0; first < count; first += T, base += J * T) {
    pack_some(n, inputs, which, x, first, count, scratch);
    for (int j = 0; j < J; j++)
      for (int t = 0; t < T; t += 16) V(base + j * T + t) = (v16)n->bias[0][j];
    dense_onto(inputs, which, J, n->weight[0], base, scratch, base, 0);
  }
}

CLONES void fx_network_forward_onto(const FxNetwork *n, const float *base, int inputs, const int *which, const float *const *x,
                                    long count, float *y, float *scratch) {
  float *h[FX_MAX_LAYERS], *ga, *gb;
  float *tile = divide(n, scratch, h, &ga, &gb);
  int J = padded(n->width[1]);
  for (long first = 0; first < count; first += T, base += J * T) {
    pack_some(n, inputs, which, x, first, count, tile);
    dense_onto(inputs, which, J, n->weight[0], base, tile, h[0], n->activation == FX_RELU);
    if (n->activation != FX_RELU) activate(n->activation, J, h[0], slopes(n, h[0], J));
    for (int l = 1; l < n->layers - 1; l++) {
      int L = padded(n->width[l + 1]);
      dense(n->width[l], L, n->weight[l], n->bias[l], h[l - 1], h[l], n->activation == FX_RELU);
      if (n->activation != FX_RELU) activate(n->activation, L, h[l], slopes(n, h[l], L));
    }
    output(n, h[n->layers - 2], ga);
    long here = count - first < T ? count - first : T;
    memcpy(y + first, ga, here * sizeof(float));
  }
}

CLONES void fx_network_gradient(const FxNetwork *n, const float *const *x, long stride, long count,
                                const float *g, float *y, float *accumulator, float *scratch) {
  float *h[FX_MAX_LAYERS], *ga, *gb, *acc[FX_MAX_LAYERS], *accb[FX_MAX_LAYERS];
  float *tile = divide(n, scratch, h, &ga, &gb);
  accumulators(n, accumulator, acc, accb);
  float w[T];
  for (long first = 0; first < count; first += T) {
    long here = count - first < T ? count - first : T;
    memcpy(w, g + first, here * sizeof(float));
    memset(w + here, 0, (T - here) * sizeof(float));
    pack(n, x, stride, first, count, tile);
    hidden(n, tile, h);
    if (y) {
      output(n, n->layers > 1 ? h[n->layers - 2] : tile, ga);
      memcpy(y + first, ga, here * sizeof(float));
    }
    backward(n, w, tile, h, ga, gb, acc, accb);
  }
}

CLONES double fx_network_squares(const FxNetwork *n, const float *const *x, long stride, long count,
                                 const float *target, const float *weight, float *accumulator, float *scratch) {
  float *h[FX_MAX_LAYERS], *ga, *gb, *acc[FX_MAX_LAYERS], *accb[FX_MAX_LAYERS];
  float *tile = divide(n, scratch, h, &ga, &gb);
  accumulators(n, accumulator, acc, accb);
  double total = 0;
  float z[T], w[T];
  for (long first = 0; first < count; first += T) {
    long here = count - first < T ? count - first : T;
    memcpy(z, target + first, here * sizeof(float));
    if (weight) memcpy(w, weight + first, here * sizeof(float));
    for (long t = 0; t < T; t++) {
      if (t >= here) z[t] = 0;
      if (t >= here || !weight) w[t] = t < here;
    }
    pack(n, x, stride, first, count, tile);
    hidden(n, tile, h);
    output(n, n->layers > 1 ? h[n->layers - 2] : tile, ga);
    v16 sum = (v16)0.f;
    for (int t = 0; t < T; t += 16) {
      v16 r = V(ga + t) - V(z + t), wr = V(w + t) * r;
      sum += wr * r;
      V(w + t) = wr;
    }
    for (int lane = 0; lane < 16; lane++) total += sum[lane];
    backward(n, w, tile, h, ga, gb, acc, accb);
  }
  return total;
}

/* The sum of FX_LANES partial sums, pairwise: not one addition waiting for the other. */
INLINE float lanes(const float *p) {
  float s[8];
  for (int i = 0; i < 8; i++) s[i] = p[i] + p[i + 8];
  for (int i = 0; i < 4; i++) s[i] += s[i + 4];
  return (s[0] + s[2]) + (s[1] + s[3]);
}

CLONES void fx_network_fold(const FxNetwork *n, const float *accumulator, float *gradient) {
  const float *p = accumulator;
  float *out = gradient;
  int last = n->layers - 1;
  for (int l = 0; l <= last; l++) {
    int J = l == last ? 1 : padded(n->width[l + 1]), outputs = n->width[l + 1];
    for (int i = 0; i < n->width[l]; i++)
      for (int j = 0; j < outputs; j++) *out++ = lanes(p + ((long)i * J + j) * FX_LANES);
    p += (long)rows(n, l) * J * FX_LANES;
    for (int j = 0; j < outputs; j++) *out++ = lanes(p + (long)j * FX_LANES);
    p += (long)J * FX_LANES;
  }
}

const char *fx_instruction_set(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return "x86-64-v4";
  if (__builtin_cpu_supports("x86-64-v3")) return "x86-64-v3";
#endif
  return "baseline";
}
