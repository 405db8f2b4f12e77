#ifndef ANTIPHON_ENCODER_H
#define ANTIPHON_ENCODER_H

#include "glue.h"
#include "opus.h"

/* An encoder with the memory its caller writes and reads. */
typedef struct {
  OpusEncoder *opus;
  int channels;
  float input[FRAME_CAPACITY * 2];
  unsigned char output[PACKET_CAPACITY];
  /* The last frame encoded, to prime the encoder with after its state had to be reset. */
  float previous[FRAME_CAPACITY * 2];
  int previous_samples;
  /* Set for the one frame after such a reset: the decoder does not know the state we would predict from. */
  int is_independent;
} Encoder;

/* The encoder behind a handle, or NULL. */
Encoder *encoder_get_object(int handle);

#endif
