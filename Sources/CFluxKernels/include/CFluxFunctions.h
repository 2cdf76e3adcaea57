#ifndef CFLUXFUNCTIONS_H
#define CFLUXFUNCTIONS_H

#ifdef __cplusplus
extern "C" {
#endif

/* Functions of float32 over runs: y[i] = f(x[i]). x and y are the same block or do not overlap.
 * NaN stays NaN. Bounds of the errors, in units in the last place, checked by the tests over the
 * whole range: exp 1.1, log 1, tanh 1.5, sigmoid 2.5.
 * A last odd end of a run is computed by the same steps as its middle, so that a value does
 * not depend on where in a tensor it stands.
 */
void fx_exp_run(const float *x, float *y, long count);
void fx_log_run(const float *x, float *y, long count);
void fx_tanh_run(const float *x, float *y, long count);
void fx_sigmoid_run(const float *x, float *y, long count);

/* y = a b,  y = a + b,  y += x. */
void fx_multiply_run(const float *a, const float *b, float *y, long count);
void fx_add_run(const float *a, const float *b, float *y, long count);
void fx_add_into_run(float *y, const float *x, long count);

/* Gradients, exactly 0 where g is: out = g d, and out = g (1 - y^2). out may be g. */
void fx_gate_run(const float *g, const float *d, float *out, long count);
void fx_tanh_gate_run(const float *g, const float *y, float *out, long count);

#ifdef __cplusplus
}
#endif
#endif
