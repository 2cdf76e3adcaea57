// The keys that the console binds itself.
#ifndef FX_KEYS_H
#define FX_KEYS_H

#include "CReadlineShim.h"

void fx_bind_keys(fx_continue continuation);

#endif
