/* The speexdsp resampler over interleaved float samples. Results >= 0, or an Opus error code (< 0). */

#include <stdlib.h>

#include "glue.h"
#include "handle-table.h"
#include "opus_defines.h"
#include "speex/speex_resampler.h"

enum { MAXIMUM_CHANNELS = 2, MAXIMUM_FRAMES = 1 << 16, MAXIMUM_RATE = 768000 };

typedef struct {
  SpeexResamplerState *speex;
  float *input;
  float *output;
  int input_frames;
  int output_frames;
  int consumed;
} Resampler;

static void release(Resampler *resampler) {
  if (resampler == NULL) return;
  if (resampler->speex != NULL) speex_resampler_destroy(resampler->speex);
  free(resampler->input);
  free(resampler->output);
  free(resampler);
}

static int is_rate(int rate) { return rate > 0 && rate <= MAXIMUM_RATE; }

int EXPORT(resampler_create)(int channels, int input_rate, int output_rate, int quality, int input_frames,
                             int output_frames) {
  if (channels < 1 || channels > MAXIMUM_CHANNELS || !is_rate(input_rate) || !is_rate(output_rate)) return OPUS_BAD_ARG;
  if (input_frames <= 0 || input_frames > MAXIMUM_FRAMES || output_frames <= 0 || output_frames > MAXIMUM_FRAMES)
    return OPUS_BAD_ARG;
  Resampler *resampler = calloc(1, sizeof(Resampler));
  if (resampler == NULL) return OPUS_ALLOC_FAIL;
  int error = RESAMPLER_ERR_SUCCESS;
  resampler->speex = speex_resampler_init(channels, input_rate, output_rate, quality, &error);
  resampler->input = calloc(input_frames * channels, sizeof(float));
  resampler->output = calloc(output_frames * channels, sizeof(float));
  resampler->input_frames = input_frames;
  resampler->output_frames = output_frames;
  int handle = OPUS_ALLOC_FAIL;
  if (error == RESAMPLER_ERR_INVALID_ARG) handle = OPUS_BAD_ARG;
  else if (resampler->speex != NULL && resampler->input != NULL && resampler->output != NULL)
    handle = handle_open(KIND_RESAMPLER, resampler);
  if (handle < 0) release(resampler);
  return handle;
}

int EXPORT(resampler_input)(int handle) {
  Resampler *resampler = handle_get(handle, KIND_RESAMPLER);
  return resampler == NULL ? OPUS_BAD_ARG : (int)resampler->input;
}

int EXPORT(resampler_output)(int handle) {
  Resampler *resampler = handle_get(handle, KIND_RESAMPLER);
  return resampler == NULL ? OPUS_BAD_ARG : (int)resampler->output;
}

/* Resamples up to `input_frames` of the input into at most `output_frames`; frames written. */
int EXPORT(resampler_process)(int handle, int input_frames, int output_frames) {
  Resampler *resampler = handle_get(handle, KIND_RESAMPLER);
  if (resampler == NULL || input_frames < 0 || input_frames > resampler->input_frames || output_frames < 0 ||
      output_frames > resampler->output_frames)
    return OPUS_BAD_ARG;
  spx_uint32_t consumed = input_frames;
  spx_uint32_t written = output_frames;
  resampler->consumed = 0;
  if (speex_resampler_process_interleaved_float(resampler->speex, resampler->input, &consumed, resampler->output,
                                                &written) != RESAMPLER_ERR_SUCCESS)
    return OPUS_INTERNAL_ERROR;
  resampler->consumed = (int)consumed;
  return (int)written;
}

/* Input frames the last resampler_process took. */
int EXPORT(resampler_consumed)(int handle) {
  Resampler *resampler = handle_get(handle, KIND_RESAMPLER);
  return resampler == NULL ? OPUS_BAD_ARG : resampler->consumed;
}

/* Changes the ratio to numerator/denominator without resetting the signal. The rates choose the cutoff. */
int EXPORT(resampler_set_ratio)(int handle, int numerator, int denominator, int input_rate, int output_rate) {
  Resampler *resampler = handle_get(handle, KIND_RESAMPLER);
  if (resampler == NULL || numerator <= 0 || denominator <= 0 || !is_rate(input_rate) || !is_rate(output_rate))
    return OPUS_BAD_ARG;
  int error = speex_resampler_set_rate_frac(resampler->speex, numerator, denominator, input_rate, output_rate);
  return error == RESAMPLER_ERR_SUCCESS ? OPUS_OK : OPUS_BAD_ARG;
}

int EXPORT(resampler_input_latency)(int handle) {
  Resampler *resampler = handle_get(handle, KIND_RESAMPLER);
  return resampler == NULL ? OPUS_BAD_ARG : speex_resampler_get_input_latency(resampler->speex);
}

int EXPORT(resampler_output_latency)(int handle) {
  Resampler *resampler = handle_get(handle, KIND_RESAMPLER);
  return resampler == NULL ? OPUS_BAD_ARG : speex_resampler_get_output_latency(resampler->speex);
}

int EXPORT(resampler_reset)(int handle) {
  Resampler *resampler = handle_get(handle, KIND_RESAMPLER);
  if (resampler == NULL) return OPUS_BAD_ARG;
  return speex_resampler_reset_mem(resampler->speex) == RESAMPLER_ERR_SUCCESS ? OPUS_OK : OPUS_INTERNAL_ERROR;
}

int EXPORT(resampler_close)(int handle) {
  Resampler *resampler = handle_close(handle, KIND_RESAMPLER);
  release(resampler);
  return resampler == NULL ? OPUS_BAD_ARG : OPUS_OK;
}
