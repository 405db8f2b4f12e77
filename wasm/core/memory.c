/* The fixed heap, seen from tests: what is left of it. And what replaces libopus' abort on stderr. */

#include <stddef.h>

#include "glue.h"

size_t emmalloc_free_dynamic_memory(void);
size_t emmalloc_unclaimed_heap_memory(void);

/* Free bytes of the heap, over all fragments. */
int EXPORT(heap_free_bytes)(void) { return (int)(emmalloc_free_dynamic_memory() + emmalloc_unclaimed_heap_memory()); }

/* Called where libopus finds its own state broken (ENABLE_HARDENING), which no packet can bring about.
   The trap becomes a WebAssembly.RuntimeError; the default would import stderr. */
void celt_fatal(const char *message, const char *file, int line) {
  (void)message;
  (void)file;
  (void)line;
  __builtin_trap();
}
