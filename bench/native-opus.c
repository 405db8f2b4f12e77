/*
 * Times native libopus for the codec bench: native-opus OPERATION COMPLEXITY FEC BITRATE PCM
 * OPERATION is encode, decode or conceal; PCM a file of mono 32-bit float samples at 48 kHz. Prints the microseconds of
 * every frame of 20 ms after the first ones: what bench/codec.bench.ts does with the WebAssembly build, call by call.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "opus.h"

enum { FRAME = 960, PACKET = 1500, WARM_UP = 50 };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e6 + time.tv_nsec * 1e-3;
}

void celt_fatal(const char *message, const char *file, int line) {
  fprintf(stderr, "%s (%s:%d)\n", message, file, line);
  abort();
}

int main(int count, char **parameters) {
  if (count != 6) return 2;
  const char *operation = parameters[1];
  FILE *file = fopen(parameters[5], "rb");
  if (file == NULL) return 2;
  fseek(file, 0, SEEK_END);
  int frames = (int)(ftell(file) / (long)(FRAME * sizeof(float)));
  rewind(file);
  float *pcm = malloc(sizeof(float) * FRAME * frames);
  unsigned char *packets = malloc((size_t)PACKET * frames);
  int *lengths = malloc(sizeof(int) * frames);
  float output[FRAME];
  if (fread(pcm, sizeof(float) * FRAME, frames, file) != (size_t)frames) return 2;
  fclose(file);

  int error = 0;
  OpusEncoder *encoder = opus_encoder_create(48000, 1, OPUS_APPLICATION_VOIP, &error);
  OpusDecoder *decoder = opus_decoder_create(48000, 1, &error);
  opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(atoi(parameters[2])));
  opus_encoder_ctl(encoder, OPUS_SET_INBAND_FEC(atoi(parameters[3])));
  opus_encoder_ctl(encoder, OPUS_SET_PACKET_LOSS_PERC(atoi(parameters[3]) ? 10 : 0));
  opus_encoder_ctl(encoder, OPUS_SET_BITRATE(atoi(parameters[4])));

  double *times = malloc(sizeof(double) * frames);
  int timed = 0;
  for (int frame = 0; frame < frames; frame++) {
    double start = now();
    lengths[frame] = opus_encode_float(encoder, pcm + frame * FRAME, FRAME, packets + frame * PACKET, PACKET);
    if (lengths[frame] < 0) return 3;
    if (strcmp(operation, "encode") == 0) times[timed++] = now() - start;
  }
  for (int frame = 0; strcmp(operation, "encode") != 0 && frame < frames; frame++) {
    int is_lost = strcmp(operation, "conceal") == 0 && frame % 5 == 4;
    double start = now();
    int samples = is_lost ? opus_decode_float(decoder, NULL, 0, output, FRAME, 0)
                          : opus_decode_float(decoder, packets + frame * PACKET, lengths[frame], output, FRAME, 0);
    if (samples != FRAME) return 4;
    if (is_lost == (strcmp(operation, "conceal") == 0)) times[timed++] = now() - start;
  }
  for (int call = WARM_UP < timed / 2 ? WARM_UP : timed / 2; call < timed; call++) printf("%.3f\n", times[call]);
  return 0;
}
