#ifndef CFLUXTIMEWARPING_H
#define CFLUXTIMEWARPING_H

#ifdef __cplusplus
extern "C" {
#endif

enum { FX_WARP_LANES = 32 /* series that one series is compared with together */ };

/* Doubles of scratch memory that one call of fx_warp needs. */
long fx_warp_scratch(long length, long window);

/* Dynamic time warping of one series a [length] against FX_WARP_LANES others, b [length][lane], in float64:
 *
 *   D(p, q) = c(a_p, b_q) + min(D(p-1, q-1), D(p-1, q), D(p, q-1)),   |p - q| <= window
 *
 * with c the squared difference, or the absolute one where absolute is not 0. out[lane] = D(length-1, length-1).
 * When every lane's whole row lies above `limit`, every path costs more than that: out is infinity then.
 * No value may be NaN. `scratch` and `b` are aligned to 64 bytes. window < length.
 */
void fx_warp(const double *a, const double *b, long length, long window, int absolute, double limit,
             double *scratch, double *out);

#ifdef __cplusplus
}
#endif
#endif
