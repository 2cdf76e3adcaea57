#ifndef CFLUXINNERPRODUCTS_H
#define CFLUXINNERPRODUCTS_H

#ifdef __cplusplus
extern "C" {
#endif

/* Inner products of rows with rows, float64: out[i * stride + j] = sum_t a[i * length + t] b[j * length + t]
 * for i < m, j < count. The order of the additions depends on `length` alone. */
void fx_inner_products(const double *a, long m, const double *b, long count, long length, double *out, long stride);

#ifdef __cplusplus
}
#endif
#endif
