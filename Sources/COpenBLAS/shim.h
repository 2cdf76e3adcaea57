#ifndef FLUXBRIDGE_COPENBLAS_SHIM_H
#define FLUXBRIDGE_COPENBLAS_SHIM_H
#include <cblas.h>
#endif
