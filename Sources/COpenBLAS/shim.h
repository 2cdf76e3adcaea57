#ifndef FLUXBRIDGE_COPENBLAS_SHIM_H
#define FLUXBRIDGE_COPENBLAS_SHIM_H
#include <cblas.h>

/* Debian's OpenBLAS carries LAPACK but no lapack.h: the few routines used here. */

/* min |c - A x| subject to B x = d. */
void dgglse_(const int *m, const int *n, const int *p, double *a, const int *lda, double *b, const int *ldb,
             double *c, double *d, double *x, double *work, const int *lwork, int *info);

/* min |b - A x|, rank-revealing. */
void dgelsy_(const int *m, const int *n, const int *nrhs, double *a, const int *lda, double *b, const int *ldb,
             int *jpvt, const double *rcond, int *rank, double *work, const int *lwork, int *info);

/* A x = b for symmetric positive definite A. */
void dposv_(const char *uplo, const int *n, const int *nrhs, double *a, const int *lda, double *b, const int *ldb, int *info);

/* Some eigenvalues, ascending, and eigenvectors of a symmetric matrix. */
void dsyevr_(const char *jobz, const char *range, const char *uplo, const int *n, double *a, const int *lda, const double *vl, const double *vu,
             const int *il, const int *iu, const double *abstol, int *m, double *w, double *z, const int *ldz, int *isuppz, double *work,
             const int *lwork, int *iwork, const int *liwork, int *info);
#endif
