/* The encoder's controls. Every export returns a value >= 0 or an Opus error code (< 0). */

#include <stddef.h>

#include "encoder.h"

/* libopus takes another application only before the first frame. Here it may change at any time: the state is reset
   and primed with the last frame, so that filters and overlap go on, at the cost of encoding that frame again. */
static int change_application(Encoder *encoder, int application) {
  opus_int32 current = 0;
  opus_encoder_ctl(encoder->opus, OPUS_GET_APPLICATION(&current));
  if (current == application) return OPUS_OK;
  int error = opus_encoder_ctl(encoder->opus, OPUS_SET_APPLICATION(application));
  if (error == OPUS_OK || encoder->previous_samples == 0) return error;
  if (application != OPUS_APPLICATION_VOIP && application != OPUS_APPLICATION_AUDIO &&
      application != OPUS_APPLICATION_RESTRICTED_LOWDELAY)
    return OPUS_BAD_ARG;
  opus_encoder_ctl(encoder->opus, OPUS_RESET_STATE);
  error = opus_encoder_ctl(encoder->opus, OPUS_SET_APPLICATION(application));
  if (error != OPUS_OK) return error;
  int bytes = opus_encode_float(encoder->opus, encoder->previous, encoder->previous_samples, encoder->output,
                                PACKET_CAPACITY);
  encoder->is_independent = 1;
  return bytes < 0 ? bytes : OPUS_OK;
}

/* opus_encoder_ctl is variadic, which does not cross the boundary: one integer, known requests only. */
int EXPORT(encoder_set)(int handle, int request, int value) {
  Encoder *encoder = encoder_get_object(handle);
  if (encoder == NULL) return OPUS_BAD_ARG;
  switch (request) {
    case OPUS_SET_APPLICATION_REQUEST:
      return change_application(encoder, value);
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
  Encoder *encoder = encoder_get_object(handle);
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
  Encoder *encoder = encoder_get_object(handle);
  if (encoder == NULL) return OPUS_BAD_ARG;
  encoder->previous_samples = 0;
  encoder->is_independent = 0;
  return opus_encoder_ctl(encoder->opus, OPUS_RESET_STATE);
}
