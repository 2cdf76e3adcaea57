#ifndef C_REGION_MASK_H
#define C_REGION_MASK_H

#include <stddef.h>

/* The 18 RECCAP2 land regions on 0.5 degrees: a netCDF-4 file as bytes, made by
   Scripts/make_regions/run and opened with nc_open_mem. */
const void *region_mask_bytes(void);
size_t region_mask_size(void);

#endif
