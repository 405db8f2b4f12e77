#ifndef ANTIPHON_DECODER_H
#define ANTIPHON_DECODER_H

#include "glue.h"
#include "opus.h"

/* A decoder with the memory its caller reads and writes. `dred` is used by the neural module only. */
typedef struct {
  OpusDecoder *opus;
  OpusDRED *dred;
  int channels;
  float output[DECODED_CAPACITY * 2];
  unsigned char packet[PACKET_CAPACITY];
} Decoder;

/* The decoder behind a handle, or NULL. */
Decoder *decoder_get(int handle);

#endif
