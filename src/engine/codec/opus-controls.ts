/** Request numbers and values of opus_encoder_ctl and opus_decoder_ctl (opus_defines.h of libopus 1.6.1). */
export const OPUS_AUTO = -1000;

export const SET_APPLICATION = 4000;
export const SET_BITRATE = 4002;
export const SET_VBR = 4006;
export const SET_BANDWIDTH = 4008;
export const GET_BANDWIDTH = 4009;
export const SET_COMPLEXITY = 4010;
export const SET_INBAND_FEC = 4012;
export const SET_PACKET_LOSS_PERC = 4014;
export const SET_DTX = 4016;
export const SET_VBR_CONSTRAINT = 4020;
export const SET_FORCE_CHANNELS = 4022;
export const SET_SIGNAL = 4024;
export const GET_LOOKAHEAD = 4027;
export const SET_GAIN = 4034;
export const SET_PREDICTION_DISABLED = 4042;
export const GET_IN_DTX = 4049;
export const SET_DRED_DURATION = 4050;

export const APPLICATIONS = { voip: 2048, audio: 2049, lowdelay: 2051 } as const;

export const BANDWIDTHS = {
  auto: OPUS_AUTO,
  narrow: 1101,
  medium: 1102,
  wide: 1103,
  superwide: 1104,
  full: 1105,
} as const;

export const SIGNALS = { auto: OPUS_AUTO, voice: 3001, music: 3002 } as const;

export const CODED_CHANNELS = { auto: OPUS_AUTO, mono: 1, stereo: 2 } as const;
