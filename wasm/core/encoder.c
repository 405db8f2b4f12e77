/* The Opus encoder. Every export returns a value >= 0 or an Opus error code (< 0). */

#include "encoder.h"

#include <stdlib.h>
#include <string.h>

#include "handle-table.h"

Encoder *encoder_get_object(int handle) { return handle_get(handle, KIND_ENCODER); }

int EXPORT(encoder_create)(int sample_rate, int channels, int application) {
  int error = OPUS_OK;
  if (application != OPUS_APPLICATION_VOIP && application != OPUS_APPLICATION_AUDIO &&
      application != OPUS_APPLICATION_RESTRICTED_LOWDELAY)
    return OPUS_BAD_ARG;
  Encoder *encoder = calloc(1, sizeof(Encoder));
  if (encoder == NULL) return OPUS_ALLOC_FAIL;
  encoder->channels = channels;
  encoder->opus = opus_encoder_create(sample_rate, channels, application, &error);
  int handle = error == OPUS_OK ? handle_open(KIND_ENCODER, encoder) : error;
  if (handle < 0) {
    opus_encoder_destroy(encoder->opus);
    free(encoder);
  }
  return handle;
}

/* Address of the interleaved input, FRAME_CAPACITY samples per channel; valid until encoder_close. */
int EXPORT(encoder_input)(int handle) {
  Encoder *encoder = encoder_get_object(handle);
  return encoder == NULL ? OPUS_BAD_ARG : (int)encoder->input;
}

/* Address of the PACKET_CAPACITY bytes where packets appear; valid until encoder_close. */
int EXPORT(encoder_output)(int handle) {
  Encoder *encoder = encoder_get_object(handle);
  return encoder == NULL ? OPUS_BAD_ARG : (int)encoder->output;
}

/* Encodes the input's first `frame_samples` per channel; bytes written to the output. */
int EXPORT(encoder_encode)(int handle, int frame_samples) {
  Encoder *encoder = encoder_get_object(handle);
  if (encoder == NULL || frame_samples <= 0 || frame_samples > FRAME_CAPACITY) return OPUS_BAD_ARG;
  memcpy(encoder->previous, encoder->input, sizeof(float) * frame_samples * encoder->channels);
  encoder->previous_samples = frame_samples;
  int is_independent = encoder->is_independent;
  opus_int32 setting = 0;
  if (is_independent) {
    opus_encoder_ctl(encoder->opus, OPUS_GET_PREDICTION_DISABLED(&setting));
    opus_encoder_ctl(encoder->opus, OPUS_SET_PREDICTION_DISABLED(1));
  }
  int bytes = opus_encode_float(encoder->opus, encoder->input, frame_samples, encoder->output, PACKET_CAPACITY);
  if (is_independent) {
    opus_encoder_ctl(encoder->opus, OPUS_SET_PREDICTION_DISABLED(setting));
    encoder->is_independent = bytes < 0;
  }
  return bytes;
}

int EXPORT(encoder_close)(int handle) {
  Encoder *encoder = handle_close(handle, KIND_ENCODER);
  if (encoder == NULL) return OPUS_BAD_ARG;
  opus_encoder_destroy(encoder->opus);
  free(encoder);
  return OPUS_OK;
}
