import { ENCODER_PRESETS } from "./encoder-presets.ts";
import { NO_PINS } from "./no-pins.ts";
import { SETTINGS_VERSION, type Settings } from "./settings.ts";

/** The settings of a first visit. The choice of suppressor is explained in docs/capture.md. */
export const defaultSettings: Settings = {
  version: SETTINGS_VERSION,
  input: {
    deviceId: "",
    deviceLabel: "",
    channels: "mono",
    sampleRate: 48_000,
    echoCancellation: true,
    noiseSuppression: false,
    autoGainControl: false,
    voiceIsolation: false,
  },
  capture: {
    trimDb: 0,
    highPass: { isEnabled: true, cutoffHz: 80 },
    suppressor: { kind: "rnnoise", maxReductionDb: -40, mixPercent: 100 },
    activation: {
      mode: "voice",
      detector: "auto",
      sensitivityPercent: 50,
      openDb: -45,
      closeDb: -51,
      openProbability: 0.6,
      closeProbability: 0.35,
      attackMs: 5,
      holdMs: 200,
      releaseMs: 150,
      preRollMs: 100,
    },
    pushToTalk: { key: "Space", releaseDelayMs: 150, doublePressLockMs: 0, cueVolumeDb: -18 },
    leveler: {
      isEnabled: true,
      targetLufs: -18,
      maxBoostDb: 24,
      maxCutDb: 12,
      speed: "medium",
    },
    limiter: { isEnabled: true, ceilingDb: -1, releaseMs: 60 },
  },
  encoder: { preset: "balanced", ...ENCODER_PRESETS.balanced },
  jitterBuffer: { mode: "auto", targetMs: 60, minMs: 0, maxMs: 500, preference: 0.5 },
  output: {
    deviceId: "",
    deviceLabel: "",
    masterDb: 0,
    latencyHint: 0,
    sampleRate: null,
    limiter: { isEnabled: true, ceilingDb: -1, releaseMs: 60 },
  },
  network: {
    pins: NO_PINS,
    isRelayOnly: false,
  },
  ui: {
    theme: "system",
    isAdvanced: false,
    keys: {
      mute: "KeyM",
      deafen: "KeyD",
      chat: "KeyC",
      mixer: "KeyP",
      diagnostics: "KeyT",
      studio: "KeyG",
      benchmark: "KeyB",
      note: "KeyN",
      help: "Slash",
    },
  },
};
