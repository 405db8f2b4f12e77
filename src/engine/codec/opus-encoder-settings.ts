/** What the encoder optimises for: speech, faithful sound, or the least delay (CELT only, no FEC). */
export type OpusApplication = "voip" | "audio" | "lowdelay";

/** Audio bandwidth: 4, 6, 8, 12 or 20 kHz, or chosen by the encoder from the bitrate. */
export type OpusBandwidth = "auto" | "narrow" | "medium" | "wide" | "superwide" | "full";

/** Rate control: variable, variable with at most one frame of buffering, or constant. */
export type OpusRateControl = "vbr" | "cvbr" | "cbr";

/** Every live control of the encoder. */
export type OpusEncoderSettings = {
  /** bit/s, 6000…510000. */
  readonly bitrate: number;
  /** 0 (quick) … 10 (thorough). */
  readonly complexity: number;
  readonly application: OpusApplication;
  readonly bandwidth: OpusBandwidth;
  readonly rateControl: OpusRateControl;
  /** In-band FEC; takes effect with SILK, i.e. not in "lowdelay" nor below 10 ms frames. */
  readonly fec: boolean;
  /** Packet loss the encoder protects against, 0…100 %. FEC and DRED need more than 0. */
  readonly expectedLossPercent: number;
  /** Discontinuous transmission: packets of at most 2 bytes in silence. */
  readonly dtx: boolean;
  /** Deep redundancy in frames of 10 ms, 0…100. Without the neural module it does nothing. */
  readonly dredDuration: number;
  readonly signal: "auto" | "voice" | "music";
  /** What is coded, whatever the input has; "auto" decides by bitrate. */
  readonly codedChannels: "auto" | "mono" | "stereo";
  /** Makes frames independent of each other, at a cost in quality. */
  readonly predictionDisabled: boolean;
};

/** What libopus itself starts with, except that application and bitrate are chosen for speech. */
export const DEFAULT_OPUS_ENCODER_SETTINGS: OpusEncoderSettings = {
  bitrate: 32_000,
  complexity: 9,
  application: "voip",
  bandwidth: "auto",
  rateControl: "cvbr",
  fec: false,
  expectedLossPercent: 0,
  dtx: false,
  dredDuration: 0,
  signal: "auto",
  codedChannels: "auto",
  predictionDisabled: false,
};
