#include "CRegionMask.h"

/* #embed is C23; clang offers it in every language mode, as an extension. */
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char bytes[] = {
#embed "reccap2.nc"
};

const void *region_mask_bytes(void) { return bytes; }
size_t region_mask_size(void) { return sizeof bytes; }
