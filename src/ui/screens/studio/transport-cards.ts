import type { Settings } from "../../../engine/index.ts";
import { FRAME_DURATIONS, SETTING_RANGES } from "../../../engine/index.ts";
import type { CardDescription } from "./control-description.ts";
import { RATE_OPTIONS } from "./rate-options.ts";

const { encoder, jitterBuffer, output } = SETTING_RANGES;

const isManual = (settings: Settings): boolean => settings.jitterBuffer.mode === "manual";
const isAutomatic = (settings: Settings): boolean => settings.jitterBuffer.mode !== "manual";
const usesFec = (settings: Settings): boolean => settings.encoder.fec;

/** How the absence of a chosen rate reads as an option. */
const DEVICE_RATE = "null";

/** The cards from the encoder to the speakers, in signal order. */
export const transportCards: readonly CardDescription[] = [
  {
    id: "encoder",
    title: "Opus",
    summary: "How the voice is packed for the way.",
    icon: "share",
    stage: "encoder",
    controls: [
      {
        kind: "choice",
        path: "encoder.preset",
        label: "Preset",
        options: [
          { value: "low", label: "Low · 16 kb/s, 60 ms" },
          { value: "balanced", label: "Balanced · 32 kb/s, 20 ms" },
          { value: "high", label: "High · 72 kb/s, 10 ms" },
          { value: "music", label: "Music · 128 kb/s stereo, 10 ms" },
          { value: "custom", label: "Custom" },
        ],
      },
      { kind: "range", path: "encoder.bitrate", label: "Bitrate", range: encoder.bitrate, isLogarithmic: true },
      {
        kind: "choice",
        path: "encoder.frameDuration",
        label: "Frame",
        hint: "Shorter is quicker, longer costs less bandwidth. Calls of two use 10 ms instead of 20 where the network carries it; pin the frame under Diagnostics to prevent that.",
        valueOf: Number,
        options: FRAME_DURATIONS.map((ms) => ({ value: String(ms), label: `${ms} ms` })),
      },
      { kind: "range", path: "encoder.complexity", label: "Complexity", range: encoder.complexity, isAdvanced: true },
      {
        kind: "choice",
        path: "encoder.application",
        label: "Application",
        isAdvanced: true,
        options: [
          { value: "voip", label: "Voice" },
          { value: "audio", label: "Music and voice" },
          { value: "lowdelay", label: "Least delay" },
        ],
      },
      {
        kind: "choice",
        path: "encoder.bandwidth",
        label: "Bandwidth",
        isAdvanced: true,
        options: [
          { value: "auto", label: "Automatic" },
          { value: "narrow", label: "4 kHz" },
          { value: "medium", label: "6 kHz" },
          { value: "wide", label: "8 kHz" },
          { value: "superwide", label: "12 kHz" },
          { value: "full", label: "20 kHz" },
        ],
      },
      {
        kind: "choice",
        path: "encoder.rateControl",
        label: "Rate control",
        isAdvanced: true,
        options: [
          { value: "vbr", label: "Variable" },
          { value: "cvbr", label: "Constrained variable" },
          { value: "cbr", label: "Constant" },
        ],
      },
      {
        kind: "choice",
        path: "encoder.signal",
        label: "Signal",
        isAdvanced: true,
        options: [
          { value: "auto", label: "Automatic" },
          { value: "voice", label: "Voice" },
          { value: "music", label: "Music" },
        ],
      },
      {
        kind: "switch",
        path: "encoder.fec",
        label: "Forward error correction",
        hint: "A coarse copy of each frame travels in the next one. Frames of 10 ms or more.",
      },
      {
        kind: "range",
        path: "encoder.expectedLossPercent",
        label: "Expected loss",
        range: encoder.expectedLossPercent,
        isAdvanced: true,
        appliesTo: usesFec,
      },
      { kind: "switch", path: "encoder.dtx", label: "Send almost nothing in silence", isAdvanced: true },
      {
        kind: "range",
        path: "encoder.dredDuration",
        label: "Deep redundancy",
        range: encoder.dredDuration,
        isAdvanced: true,
        format: (value) => (value === 0 ? "off" : `${value * 10} ms`),
      },
      { kind: "switch", path: "encoder.stereo", label: "Stereo", isAdvanced: true },
    ],
  },
  {
    id: "jitter-buffer",
    title: "Jitter buffer",
    summary: "How long arriving sound waits, so that late packets still fit.",
    icon: "chart",
    controls: [
      {
        kind: "choice",
        path: "jitterBuffer.mode",
        label: "Mode",
        options: [
          { value: "auto", label: "Automatic" },
          { value: "auto-up", label: "Automatic, only upwards" },
          { value: "manual", label: "Manual" },
        ],
      },
      {
        kind: "range",
        path: "jitterBuffer.targetMs",
        label: "Delay",
        range: jitterBuffer.targetMs,
        appliesTo: isManual,
      },
      {
        kind: "range",
        path: "jitterBuffer.preference",
        label: "Quick … safe",
        range: jitterBuffer.preference,
        appliesTo: isAutomatic,
        format: (value) => (value < 0.35 ? "quick" : value > 0.65 ? "safe" : "balanced"),
      },
      {
        kind: "range",
        path: "jitterBuffer.minMs",
        label: "Never below",
        range: jitterBuffer.minMs,
        isAdvanced: true,
        appliesTo: isAutomatic,
      },
      {
        kind: "range",
        path: "jitterBuffer.maxMs",
        label: "Never above",
        range: jitterBuffer.maxMs,
        isAdvanced: true,
        appliesTo: isAutomatic,
      },
    ],
  },
  {
    id: "output",
    title: "Output",
    summary: "Everyone's voices, mixed, on the way to your ears.",
    icon: "speaker",
    stage: "output",
    controls: [
      { kind: "device", direction: "output", label: "Speaker" },
      {
        kind: "range",
        path: "output.masterDb",
        label: "Volume",
        range: output.masterDb,
        format: (value) =>
          value <= -60 ? "silent" : `${value > 0 ? "+" : ""}${value.toFixed(1).replace("-", "−")} dB`,
      },
      {
        kind: "choice",
        path: "output.latencyHint",
        label: "Audio device latency",
        hint: "How far ahead the device is fed, for the microphone too. More survives a busier machine.",
        isAdvanced: true,
        valueOf: (option) => (option === "0" ? 0 : option),
        options: [
          { value: "0", label: "Least" },
          { value: "interactive", label: "Interactive" },
          { value: "balanced", label: "Balanced" },
          { value: "playback", label: "Safest" },
        ],
      },
      {
        kind: "choice",
        path: "output.sampleRate",
        label: "Sample rate",
        hint: "Rate of the playback context. Everything inside runs at 48 kHz.",
        isAdvanced: true,
        valueOf: (option) => (option === DEVICE_RATE ? null : Number(option)),
        options: [{ value: DEVICE_RATE, label: "The device's own" }, ...RATE_OPTIONS],
      },
      {
        kind: "switch",
        path: "output.limiter.isEnabled",
        label: "Limiter",
        hint: "Protects your ears from sudden loudness.",
      },
      {
        kind: "range",
        path: "output.limiter.ceilingDb",
        label: "Ceiling",
        range: output.limiter.ceilingDb,
        isAdvanced: true,
      },
      {
        kind: "range",
        path: "output.limiter.releaseMs",
        label: "Release",
        range: output.limiter.releaseMs,
        isLogarithmic: true,
        isAdvanced: true,
      },
    ],
  },
];
