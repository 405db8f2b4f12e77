#ifndef SPEEXDSP_CONFIGURATION_H
#define SPEEXDSP_CONFIGURATION_H

/* Force-included into speexdsp: what its configure would write, and a trap where it would print and exit. */

#define FLOATING_POINT
#define USE_SMALLFT
#define USE_SSE
#define USE_SSE2
#define EXPORT
#define DISABLE_WARNINGS
#define DISABLE_NOTIFICATIONS

#define OVERRIDE_SPEEX_FATAL
static inline void _speex_fatal(const char *message, const char *file, int line) {
  (void)message;
  (void)file;
  (void)line;
  __builtin_trap();
}

#define OVERRIDE_SPEEX_PUTC
static inline void _speex_putc(int character, void *file) {
  (void)character;
  (void)file;
}

#endif
