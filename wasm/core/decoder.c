/* The Opus decoder. Every export returns a value >= 0 or an Opus error code (< 0). */

#include "decoder.h"

#include <stdlib.h>

#include "handle-table.h"
#ifdef ENABLE_DRED
#include "dred.h"
#endif

Decoder *decoder_get(int handle) { return handle_get(handle, KIND_DECODER); }

int EXPORT(decoder_create)(int sample_rate, int channels) {
  int error = OPUS_OK;
  Decoder *decoder = calloc(1, sizeof(Decoder));
  if (decoder == NULL) return OPUS_ALLOC_FAIL;
  decoder->channels = channels;
  decoder->opus = opus_decoder_create(sample_rate, channels, &error);
#ifdef ENABLE_DRED
  if (error == OPUS_OK) error = dred_attach(decoder);
#endif
  int handle = error == OPUS_OK ? handle_open(KIND_DECODER, decoder) : error;
  if (handle < 0) {
    opus_decoder_destroy(decoder->opus);
    free(decoder->dred);
    free(decoder);
  }
  return handle;
}

/* Address of the PACKET_CAPACITY bytes a packet is copied to; valid until decoder_close. */
int EXPORT(decoder_packet)(int handle) {
  Decoder *decoder = decoder_get(handle);
  return decoder == NULL ? OPUS_BAD_ARG : (int)decoder->packet;
}

/* Address of the interleaved output, DECODED_CAPACITY samples per channel; valid until decoder_close. */
int EXPORT(decoder_output)(int handle) {
  Decoder *decoder = decoder_get(handle);
  return decoder == NULL ? OPUS_BAD_ARG : (int)decoder->output;
}

/* Decodes the packet's first `length` bytes; samples per channel written. */
int EXPORT(decoder_decode)(int handle, int length) {
  Decoder *decoder = decoder_get(handle);
  if (decoder == NULL) return OPUS_BAD_ARG;
  /* libopus takes a length of 0 for a lost packet; here it is an invalid one. */
  if (length <= 0 || length > PACKET_CAPACITY) return OPUS_INVALID_PACKET;
  return opus_decode_float(decoder->opus, decoder->packet, length, decoder->output, DECODED_CAPACITY, 0);
}

/* Decodes the in-band FEC that the packet carries for the `frame_samples` before it. */
int EXPORT(decoder_decode_fec)(int handle, int length, int frame_samples) {
  Decoder *decoder = decoder_get(handle);
  if (decoder == NULL || frame_samples <= 0 || frame_samples > DECODED_CAPACITY) return OPUS_BAD_ARG;
  if (length <= 0 || length > PACKET_CAPACITY) return OPUS_INVALID_PACKET;
  return opus_decode_float(decoder->opus, decoder->packet, length, decoder->output, frame_samples, 1);
}

/* Conceals `frame_samples` (a multiple of 2.5 ms) that never came. */
int EXPORT(decoder_conceal)(int handle, int frame_samples) {
  Decoder *decoder = decoder_get(handle);
  if (decoder == NULL || frame_samples <= 0 || frame_samples > DECODED_CAPACITY) return OPUS_BAD_ARG;
  return opus_decode_float(decoder->opus, NULL, 0, decoder->output, frame_samples, 0);
}

int EXPORT(decoder_set)(int handle, int request, int value) {
  Decoder *decoder = decoder_get(handle);
  if (decoder == NULL) return OPUS_BAD_ARG;
  switch (request) {
    case OPUS_SET_COMPLEXITY_REQUEST:
    case OPUS_SET_GAIN_REQUEST:
    case OPUS_SET_PHASE_INVERSION_DISABLED_REQUEST:
      return opus_decoder_ctl(decoder->opus, request, (opus_int32)value);
    default:
      return OPUS_UNIMPLEMENTED;
  }
}

int EXPORT(decoder_get_pitch)(int handle) {
  Decoder *decoder = decoder_get(handle);
  opus_int32 pitch = 0;
  if (decoder == NULL) return OPUS_BAD_ARG;
  int error = opus_decoder_ctl(decoder->opus, OPUS_GET_PITCH(&pitch));
  return error == OPUS_OK ? pitch : error;
}

int EXPORT(decoder_reset)(int handle) {
  Decoder *decoder = decoder_get(handle);
  return decoder == NULL ? OPUS_BAD_ARG : opus_decoder_ctl(decoder->opus, OPUS_RESET_STATE);
}

int EXPORT(decoder_close)(int handle) {
  Decoder *decoder = handle_close(handle, KIND_DECODER);
  if (decoder == NULL) return OPUS_BAD_ARG;
  opus_decoder_destroy(decoder->opus);
  free(decoder->dred);
  free(decoder);
  return OPUS_OK;
}
