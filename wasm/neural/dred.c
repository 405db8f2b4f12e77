/* Deep redundancy (DRED): seconds of coarse past that ride in a packet's padding, decoded by network. */

#include "dred.h"

#include <stddef.h>
#include <string.h>

/* 10 s at 48 kHz: far beyond what a packet holds, and small enough that nothing overflows. */
enum { OFFSET_LIMIT = 480000, OPUS_RATE = 48000 };

/* The network's state lives within one opus_dred_parse, so all decoders share one. */
static OpusDREDDecoder *network;

int dred_attach(Decoder *decoder) {
  int error = OPUS_OK;
  if (network == NULL) network = opus_dred_decoder_create(&error);
  if (network == NULL) return OPUS_ALLOC_FAIL;
  decoder->dred = opus_dred_alloc(&error);
  if (decoder->dred == NULL) return OPUS_ALLOC_FAIL;
  /* Zero reads as "nothing parsed yet"; libopus leaves it uninitialised. */
  memset(decoder->dred, 0, opus_dred_get_size());
  return OPUS_OK;
}

/* Reads the redundancy of the packet's first `length` bytes, as far back as `maximum_samples`; how many samples
   before the packet it reaches, 0 for none. */
int EXPORT(decoder_parse_dred)(int handle, int length, int maximum_samples) {
  Decoder *decoder = decoder_get(handle);
  int end = 0;
  if (decoder == NULL || maximum_samples < 0 || maximum_samples > OFFSET_LIMIT) return OPUS_BAD_ARG;
  if (length <= 0 || length > PACKET_CAPACITY) return OPUS_INVALID_PACKET;
  return opus_dred_parse(network, decoder->dred, decoder->packet, length, maximum_samples, OPUS_RATE, &end, 0);
}

/* Decodes `frame_samples` that begin `offset_samples` before the packet last parsed; where the redundancy does not
   reach, the network conceals. */
int EXPORT(decoder_decode_dred)(int handle, int offset_samples, int frame_samples) {
  Decoder *decoder = decoder_get(handle);
  if (decoder == NULL || frame_samples <= 0 || frame_samples > DECODED_CAPACITY) return OPUS_BAD_ARG;
  if (offset_samples < 0 || offset_samples > OFFSET_LIMIT) return OPUS_BAD_ARG;
  return opus_decoder_dred_decode_float(decoder->opus, decoder->dred, offset_samples, decoder->output, frame_samples);
}
