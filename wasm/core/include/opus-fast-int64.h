/*
 * Comes before every file of libopus. Its arch.h takes 64-bit products for slow on every target with 32-bit pointers and makes
 * each from two 32-bit ones; WebAssembly has 64-bit integers. The macro is undefined again so that no system header sees it.
 */
#include <limits.h>
#include <stdint.h>
#define __LP64__ 1
#include "arch.h"
#undef __LP64__
