import type { EncoderPresetName, EncoderSettings } from "./encoder-settings.ts";

/** Encoder settings without the name of their preset. */
export type EncoderPreset = Omit<EncoderSettings, "preset">;

const VOICE: EncoderPreset = {
  bitrate: 32_000,
  frameDuration: 20,
  complexity: 9,
  application: "voip",
  bandwidth: "auto",
  rateControl: "vbr",
  fec: true,
  expectedLossPercent: 10,
  dtx: true,
  dredDuration: 0,
  signal: "auto",
  stereo: false,
};

/** The encoder presets: least bandwidth, default, least delay and best voice, and music. */
export const ENCODER_PRESETS: Readonly<Record<EncoderPresetName, EncoderPreset>> = {
  low: { ...VOICE, bitrate: 16_000, frameDuration: 60, signal: "voice" },
  balanced: VOICE,
  high: { ...VOICE, bitrate: 72_000, frameDuration: 10 },
  music: {
    ...VOICE,
    bitrate: 128_000,
    frameDuration: 10,
    complexity: 10,
    application: "audio",
    fec: false,
    expectedLossPercent: 0,
    dtx: false,
    signal: "music",
    stereo: true,
  },
};

const PRESET_NAMES: readonly EncoderPresetName[] = ["low", "balanced", "high", "music"];

/** The preset whose every field equals `settings`, or `"custom"`. */
export function matchEncoderPreset(settings: EncoderPreset): EncoderPresetName | "custom" {
  const matches = (preset: EncoderPreset): boolean =>
    preset.bitrate === settings.bitrate &&
    preset.frameDuration === settings.frameDuration &&
    preset.complexity === settings.complexity &&
    preset.application === settings.application &&
    preset.bandwidth === settings.bandwidth &&
    preset.rateControl === settings.rateControl &&
    preset.fec === settings.fec &&
    preset.expectedLossPercent === settings.expectedLossPercent &&
    preset.dtx === settings.dtx &&
    preset.dredDuration === settings.dredDuration &&
    preset.signal === settings.signal &&
    preset.stereo === settings.stereo;
  return PRESET_NAMES.find((name) => matches(ENCODER_PRESETS[name])) ?? "custom";
}
