/* exp, log, tanh and sigmoid of sixteen float32 at once. libm's cost some ten nanoseconds a
 * number; on tensors of a few thousand that is more than everything else an operation does.
 * Reductions and polynomials follow Cephes' single-precision functions (S. Moshier). */
#ifndef VECTOR_FUNCTIONS_H
#define VECTOR_FUNCTIONS_H

#include <float.h>
#include <math.h>

#pragma clang fp contract(fast)

#define LANES 16
typedef float v16 __attribute__((ext_vector_type(LANES), aligned(4)));
typedef int i16 __attribute__((ext_vector_type(LANES), aligned(4)));

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif
#define INLINE static inline __attribute__((always_inline))

/* A vector passed by value does not compile under target_clones: pointers, which inlining removes. */

/* n = round(x log2 e), r = x - n log 2 in two parts, e^r by a polynomial for |r| <= 0.3466, then 2^n in
 * two factors, so that results below the smallest normal number come out right. */
INLINE void exponential(const v16 *in, v16 *out) {
  v16 x = *in;
  /* Beyond +-104 the result is infinite or zero anyway. */
  v16 c = (x > (v16)104.f) ? (v16)104.f : x;
  c = (c < (v16)-104.f) ? (v16)-104.f : c;
  v16 n = (c * 1.44269504088896341f + 12582912.f) - 12582912.f;
  v16 r = (c - n * 0.693359375f) - n * -2.12194440e-4f;
  v16 p = (v16)1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = (p * r) * r + r + 1.f;
  i16 k = __builtin_convertvector((x == x) ? n : (v16)0.f, i16);
  i16 half = k >> 1;
  v16 s = (v16)((half + 127) << 23), t = (v16)((k - half + 127) << 23);
  *out = p * s * t;
}

/* x = m 2^e with m in [sqrt 1/2, sqrt 2); log m by a polynomial in m - 1. */
INLINE void logarithm(const v16 *in, v16 *out) {
  v16 x = *in;
  i16 tiny = x < (v16)FLT_MIN;
  v16 scaled = tiny ? x * 8388608.f : x;
  i16 bits = (i16)scaled;
  i16 exponent = (bits >> 23) - 126 - (tiny & 23);
  v16 m = (v16)((bits & 0x007fffff) | 0x3f000000);
  i16 low = m < (v16)0.707106781186547524f;
  exponent = exponent + low; /* a true comparison is -1 */
  m = low ? (m + m) - 1.f : m - 1.f;
  v16 e = __builtin_convertvector(exponent, v16);
  v16 z = m * m;
  v16 p = (v16)7.0376836292e-2f;
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  v16 y = (p * m) * z;
  y = y + e * -2.12194440e-4f;
  y = y - z * 0.5f;
  v16 r = (m + y) + e * 0.693359375f;
  r = (x == (v16)INFINITY) ? x : r;
  r = (x == (v16)0.f) ? (v16)-INFINITY : r;
  *out = (x >= (v16)0.f) ? r : (v16)NAN;
}

/* Near 0 a polynomial, elsewhere 1 - 2 / (e^2|x| + 1). */
INLINE void hyperbolic_tangent(const v16 *in, v16 *out) {
  v16 x = *in;
  v16 a = (v16)((i16)x & 0x7fffffff), z = x * x, e;
  v16 doubled = a + a;
  exponential(&doubled, &e);
  v16 large = 1.f - 2.f / (e + 1.f);
  large = (v16)((i16)large | ((i16)x & (int)0x80000000));
  v16 p = (v16)-5.70498872745e-3f;
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  v16 small = (p * z) * x + x;
  *out = (a < (v16)0.625f) ? small : large;
}

/* The exponential of a negative number never overflows. */
INLINE void logistic(const v16 *in, v16 *out) {
  v16 x = *in, e;
  v16 negative = (v16)((i16)x | (int)0x80000000);
  exponential(&negative, &e);
  *out = ((x >= (v16)0.f) ? (v16)1.f : e) / (1.f + e);
}

#endif
