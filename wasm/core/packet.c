/* Inspection of Opus packets without a decoder (RFC 6716 §3), over one buffer of the module. */

#include <stddef.h>

#include "glue.h"
#include "opus.h"

static unsigned char packet[PACKET_CAPACITY];

static int is_length(int length) { return length > 0 && length <= PACKET_CAPACITY; }

/* Address of the PACKET_CAPACITY bytes that the functions below read. */
int EXPORT(packet_buffer)(void) { return (int)packet; }

/* 1 when the packet carries in-band FEC (LBRR), 0 when not. */
int EXPORT(packet_has_fec)(int length) {
  return is_length(length) ? opus_packet_has_lbrr(packet, length) : OPUS_INVALID_PACKET;
}

/* Samples per channel at 48 kHz after the full parse that the decoder does. */
int EXPORT(packet_samples)(int length) {
  const unsigned char *frames[48];
  opus_int16 sizes[48];
  if (!is_length(length)) return OPUS_INVALID_PACKET;
  int count = opus_packet_parse(packet, length, NULL, frames, sizes, NULL);
  if (count < 0) return count;
  int samples = count * opus_packet_get_samples_per_frame(packet, 48000);
  return samples > DECODED_CAPACITY ? OPUS_INVALID_PACKET : samples;
}
