/* The Opus encoder. Every export returns a value >= 0 or an Opus error code (< 0). */

#include <stdlib.h>
#include <string.h>

#include "glue.h"
#include "handle-table.h"
#include "opus.h"

typedef struct {
  OpusEncoder *opus;
  float input[FRAME_CAPACITY * 2];
  unsigned char output[PACKET_CAPACITY];
} Encoder;

int EXPORT(encoder_create)(int sample_rate, int channels, int application) {
  int error = OPUS_OK;
  if (application != OPUS_APPLICATION_VOIP && application != OPUS_APPLICATION_AUDIO &&
      application != OPUS_APPLICATION_RESTRICTED_LOWDELAY)
    return OPUS_BAD_ARG;
  Encoder *encoder = calloc(1, sizeof(Encoder));
  if (encoder == NULL) return OPUS_ALLOC_FAIL;
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
  Encoder *encoder = handle_get(handle, KIND_ENCODER);
  return encoder == NULL ? OPUS_BAD_ARG : (int)encoder->input;
}

/* Address of the PACKET_CAPACITY bytes where packets appear; valid until encoder_close. */
int EXPORT(encoder_output)(int handle) {
  Encoder *encoder = handle_get(handle, KIND_ENCODER);
  return encoder == NULL ? OPUS_BAD_ARG : (int)encoder->output;
}

/* Encodes the input's first `frame_samples` per channel; bytes written to the output. */
int EXPORT(encoder_encode)(int handle, int frame_samples) {
  Encoder *encoder = handle_get(handle, KIND_ENCODER);
  if (encoder == NULL || frame_samples <= 0 || frame_samples > FRAME_CAPACITY) return OPUS_BAD_ARG;
  return opus_encode_float(encoder->opus, encoder->input, frame_samples, encoder->output, PACKET_CAPACITY);
}

/* opus_encoder_ctl is variadic, which does not cross the boundary: one integer, known requests only. */
int EXPORT(encoder_set)(int handle, int request, int value) {
  Encoder *encoder = handle_get(handle, KIND_ENCODER);
  if (encoder == NULL) return OPUS_BAD_ARG;
  switch (request) {
    case OPUS_SET_APPLICATION_REQUEST:
    case OPUS_SET_BITRATE_REQUEST:
    case OPUS_SET_MAX_BANDWIDTH_REQUEST:
    case OPUS_SET_VBR_REQUEST:
    case OPUS_SET_BANDWIDTH_REQUEST:
    case OPUS_SET_COMPLEXITY_REQUEST:
    case OPUS_SET_INBAND_FEC_REQUEST:
    case OPUS_SET_PACKET_LOSS_PERC_REQUEST:
    case OPUS_SET_DTX_REQUEST:
    case OPUS_SET_VBR_CONSTRAINT_REQUEST:
    case OPUS_SET_FORCE_CHANNELS_REQUEST:
    case OPUS_SET_SIGNAL_REQUEST:
    case OPUS_SET_LSB_DEPTH_REQUEST:
    case OPUS_SET_PREDICTION_DISABLED_REQUEST:
    case OPUS_SET_PHASE_INVERSION_DISABLED_REQUEST:
    case OPUS_SET_DRED_DURATION_REQUEST:
      return opus_encoder_ctl(encoder->opus, request, (opus_int32)value);
    default:
      return OPUS_UNIMPLEMENTED;
  }
}

/* The value of a control; requests whose value may be negative (OPUS_AUTO) return it as it is. */
int EXPORT(encoder_get)(int handle, int request) {
  Encoder *encoder = handle_get(handle, KIND_ENCODER);
  opus_int32 value = 0;
  if (encoder == NULL) return OPUS_BAD_ARG;
  switch (request) {
    case OPUS_GET_LOOKAHEAD_REQUEST:
    case OPUS_GET_BITRATE_REQUEST:
    case OPUS_GET_BANDWIDTH_REQUEST:
    case OPUS_GET_IN_DTX_REQUEST: {
      int error = opus_encoder_ctl(encoder->opus, request, &value);
      return error == OPUS_OK ? value : error;
    }
    default:
      return OPUS_UNIMPLEMENTED;
  }
}

int EXPORT(encoder_reset)(int handle) {
  Encoder *encoder = handle_get(handle, KIND_ENCODER);
  return encoder == NULL ? OPUS_BAD_ARG : opus_encoder_ctl(encoder->opus, OPUS_RESET_STATE);
}

int EXPORT(encoder_close)(int handle) {
  Encoder *encoder = handle_close(handle, KIND_ENCODER);
  if (encoder == NULL) return OPUS_BAD_ARG;
  opus_encoder_destroy(encoder->opus);
  free(encoder);
  return OPUS_OK;
}
