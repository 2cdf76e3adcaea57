#include <stdio.h>
#include <udunits2.h>
