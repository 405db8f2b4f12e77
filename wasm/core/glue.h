#ifndef ANTIPHON_GLUE_H
#define ANTIPHON_GLUE_H

/* What every file of the glue agrees on. */

/* Makes a function an export of the module under its own name. */
#define EXPORT(name) __attribute__((export_name(#name))) name

enum {
  /* The largest Opus packet taken or made, in bytes. Ours are at most 1200 on the wire. */
  PACKET_CAPACITY = 1500,
  /* The longest packet a decoder can be handed, 120 ms at 48 kHz, in samples per channel. */
  DECODED_CAPACITY = 5760,
  /* The longest frame an encoder takes, 60 ms at 48 kHz, in samples per channel. */
  FRAME_CAPACITY = 2880
};

#endif
