/* The speexdsp preprocessor as a noise suppressor only: no gain control, no dereverberation, no echo. */

#include <math.h>
#include <stdlib.h>

#include "glue.h"
#include "handle-table.h"
#include "opus_defines.h"
#include "speex/speex_preprocess.h"

enum { DENOISER_FRAME = 480, DENOISER_RATE = 48000 };

typedef struct {
  SpeexPreprocessState *speex;
  float block[DENOISER_FRAME];
  short samples[DENOISER_FRAME];
} Denoiser;

static SpeexPreprocessState *open_speex(void) {
  SpeexPreprocessState *speex = speex_preprocess_state_init(DENOISER_FRAME, DENOISER_RATE);
  int on = 1;
  if (speex != NULL) speex_preprocess_ctl(speex, SPEEX_PREPROCESS_SET_DENOISE, &on);
  return speex;
}

int EXPORT(denoiser_create)(void) {
  Denoiser *denoiser = calloc(1, sizeof(Denoiser));
  if (denoiser == NULL) return OPUS_ALLOC_FAIL;
  denoiser->speex = open_speex();
  int handle = denoiser->speex == NULL ? OPUS_ALLOC_FAIL : handle_open(KIND_DENOISER, denoiser);
  if (handle < 0) {
    if (denoiser->speex != NULL) speex_preprocess_state_destroy(denoiser->speex);
    free(denoiser);
  }
  return handle;
}

/* Address of the DENOISER_FRAME samples that denoiser_process works on in place. */
int EXPORT(denoiser_block)(int handle) {
  Denoiser *denoiser = handle_get(handle, KIND_DENOISER);
  return denoiser == NULL ? OPUS_BAD_ARG : (int)denoiser->block;
}

/* Deepest attenuation, in dB below the noise as it came (a positive number, 0..60). */
int EXPORT(denoiser_set_reduction)(int handle, int decibels) {
  Denoiser *denoiser = handle_get(handle, KIND_DENOISER);
  if (denoiser == NULL || decibels < 0 || decibels > 60) return OPUS_BAD_ARG;
  int attenuation = -decibels;
  speex_preprocess_ctl(denoiser->speex, SPEEX_PREPROCESS_SET_NOISE_SUPPRESS, &attenuation);
  return OPUS_OK;
}

/* Suppresses the block in place; speech probability in percent. speexdsp takes 16-bit samples. */
int EXPORT(denoiser_process)(int handle) {
  Denoiser *denoiser = handle_get(handle, KIND_DENOISER);
  if (denoiser == NULL) return OPUS_BAD_ARG;
  for (int index = 0; index < DENOISER_FRAME; index++) {
    float scaled = denoiser->block[index] * 32768.f;
    if (!(scaled < 32767.f)) scaled = scaled >= 32767.f ? 32767.f : 0.f; /* the 0 catches NaN */
    if (scaled < -32768.f) scaled = -32768.f;
    denoiser->samples[index] = (short)lrintf(scaled);
  }
  speex_preprocess_run(denoiser->speex, denoiser->samples);
  for (int index = 0; index < DENOISER_FRAME; index++) denoiser->block[index] = denoiser->samples[index] * (1.f / 32768.f);
  int probability = 0;
  speex_preprocess_ctl(denoiser->speex, SPEEX_PREPROCESS_GET_PROB, &probability);
  return probability;
}

/* Forgets the noise estimate and the overlap. */
int EXPORT(denoiser_reset)(int handle) {
  Denoiser *denoiser = handle_get(handle, KIND_DENOISER);
  if (denoiser == NULL) return OPUS_BAD_ARG;
  int attenuation = 0;
  speex_preprocess_ctl(denoiser->speex, SPEEX_PREPROCESS_GET_NOISE_SUPPRESS, &attenuation);
  SpeexPreprocessState *fresh = open_speex();
  if (fresh == NULL) return OPUS_ALLOC_FAIL;
  speex_preprocess_ctl(fresh, SPEEX_PREPROCESS_SET_NOISE_SUPPRESS, &attenuation);
  speex_preprocess_state_destroy(denoiser->speex);
  denoiser->speex = fresh;
  return OPUS_OK;
}

int EXPORT(denoiser_close)(int handle) {
  Denoiser *denoiser = handle_close(handle, KIND_DENOISER);
  if (denoiser == NULL) return OPUS_BAD_ARG;
  speex_preprocess_state_destroy(denoiser->speex);
  free(denoiser);
  return OPUS_OK;
}
