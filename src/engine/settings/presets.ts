import type { SettingsPatch } from "./apply-patch.ts";

/** A preset of the whole chain, chosen by where the sound comes from and goes to. */
export type PresetName = "headphones" | "speakers" | "music" | "low-bandwidth";

const VOICE_CHAIN: SettingsPatch["capture"] = {
  highPass: { isEnabled: true, cutoffHz: 80 },
  suppressor: { kind: "rnnoise", maxReductionDb: -40, mixPercent: 100 },
  activation: { mode: "voice", detector: "auto", sensitivityPercent: 50 },
  leveler: { isEnabled: true, targetLufs: -18 },
  limiter: { isEnabled: true, ceilingDb: -1 },
};

/**
 * What each preset changes: apply with `applyPatch(settings, PRESETS.music)`. Devices, keys, trim and output stay as they are.
 * Headphones need no echo cancellation; music turns all processing off but the limiter, which only acts on what would clip.
 */
export const PRESETS: Readonly<Record<PresetName, SettingsPatch>> = {
  headphones: {
    input: {
      channels: "mono",
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
    },
    capture: VOICE_CHAIN,
    encoder: { preset: "balanced" },
  },
  speakers: {
    input: {
      channels: "mono",
      echoCancellation: true,
      noiseSuppression: false,
      autoGainControl: false,
    },
    capture: VOICE_CHAIN,
    encoder: { preset: "balanced" },
  },
  music: {
    input: {
      channels: "stereo",
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
      voiceIsolation: false,
    },
    capture: {
      highPass: { isEnabled: false },
      suppressor: { kind: "off" },
      activation: { mode: "open" },
      leveler: { isEnabled: false },
      limiter: { isEnabled: true },
    },
    encoder: { preset: "music" },
  },
  "low-bandwidth": {
    input: {
      channels: "mono",
      echoCancellation: true,
      noiseSuppression: false,
      autoGainControl: false,
    },
    capture: VOICE_CHAIN,
    encoder: { preset: "low" },
  },
};
