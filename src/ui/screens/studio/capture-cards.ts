import type { Settings } from "../../../engine/index.ts";
import { SETTING_RANGES } from "../../../engine/index.ts";
import type { CardDescription } from "./control-description.ts";
import { RATE_OPTIONS } from "./rate-options.ts";

const RANGES = SETTING_RANGES.capture;
const { activation, leveler, limiter, pushToTalk, suppressor } = RANGES;

const usesKey = ({ capture }: Settings): boolean =>
  ["push-to-talk", "push-to-mute", "toggle"].includes(capture.activation.mode);
const usesDetector =
  (...detectors: readonly string[]) =>
  ({ capture }: Settings): boolean =>
    capture.activation.mode === "voice" && detectors.includes(capture.activation.detector);
const isVoice = ({ capture }: Settings): boolean => capture.activation.mode === "voice";
const suppresses = ({ capture }: Settings): boolean => !["off", "browser"].includes(capture.suppressor.kind);

/** The cards from the microphone to the encoder, in signal order. */
export const captureCards: readonly CardDescription[] = [
  {
    id: "input",
    title: "Input",
    summary: "The microphone, and what the browser does to it first.",
    icon: "microphone",
    stage: "input",
    controls: [
      { kind: "device", direction: "input", label: "Microphone" },
      { kind: "range", path: "capture.trimDb", label: "Trim", range: RANGES.trimDb },
      {
        kind: "choice",
        path: "input.channels",
        label: "Channels",
        isAdvanced: true,
        options: [
          { value: "mono", label: "Mono" },
          { value: "stereo", label: "Stereo" },
          { value: "left", label: "Left only" },
          { value: "right", label: "Right only" },
        ],
      },
      {
        kind: "choice",
        path: "input.sampleRate",
        label: "Sample rate",
        hint: "Rate of the capture context. Everything inside runs at 48 kHz.",
        isAdvanced: true,
        valueOf: Number,
        options: RATE_OPTIONS,
      },
      {
        kind: "switch",
        path: "input.echoCancellation",
        label: "Echo cancellation",
        hint: "Needed with speakers, not with headphones.",
      },
      { kind: "switch", path: "input.noiseSuppression", label: "Browser noise suppression", isAdvanced: true },
      { kind: "switch", path: "input.autoGainControl", label: "Browser gain control", isAdvanced: true },
      { kind: "switch", path: "input.voiceIsolation", label: "Voice isolation", isAdvanced: true },
    ],
  },
  {
    id: "high-pass",
    title: "High-pass",
    summary: "Takes rumble and desk knocks away below the voice.",
    icon: "chart",
    stage: "high-pass",
    bypass: {
      path: "capture.highPass.isEnabled",
      isOn: ({ capture }) => capture.highPass.isEnabled,
      on: true,
      off: false,
    },
    controls: [
      {
        kind: "range",
        path: "capture.highPass.cutoffHz",
        label: "Cutoff",
        range: RANGES.highPass.cutoffHz,
        isLogarithmic: true,
      },
    ],
  },
  {
    id: "suppressor",
    title: "Noise suppression",
    summary: "Keeps the voice, turns down everything else.",
    icon: "broadcast",
    stage: "suppressor",
    bypass: {
      path: "capture.suppressor.kind",
      isOn: ({ capture }) => capture.suppressor.kind !== "off",
      on: "rnnoise",
      off: "off",
    },
    controls: [
      {
        kind: "choice",
        path: "capture.suppressor.kind",
        label: "Engine",
        options: [
          { value: "rnnoise", label: "RNNoise (neural)" },
          { value: "gtcrn", label: "GTCRN (neural, stronger)" },
          { value: "speex", label: "Speex (light)" },
          { value: "browser", label: "The browser's own" },
          { value: "off", label: "Off" },
        ],
      },
      {
        kind: "range",
        path: "capture.suppressor.maxReductionDb",
        label: "Deepest reduction",
        range: suppressor.maxReductionDb,
        appliesTo: suppresses,
      },
      {
        kind: "range",
        path: "capture.suppressor.mixPercent",
        label: "Mix",
        range: suppressor.mixPercent,
        isAdvanced: true,
        appliesTo: suppresses,
      },
    ],
  },
  {
    id: "activation",
    title: "Activation",
    summary: "When the microphone is heard by the others.",
    icon: "talk",
    stage: "activation",
    bypass: {
      path: "capture.activation.mode",
      isOn: ({ capture }) => capture.activation.mode !== "open",
      on: "voice",
      off: "open",
    },
    controls: [
      {
        kind: "choice",
        path: "capture.activation.mode",
        label: "Mode",
        options: [
          { value: "open", label: "Always open" },
          { value: "voice", label: "While I speak" },
          { value: "push-to-talk", label: "While the talk key is held" },
          { value: "push-to-mute", label: "Unless the talk key is held" },
          { value: "toggle", label: "Each press of the talk key" },
        ],
      },
      {
        kind: "choice",
        path: "capture.activation.detector",
        label: "Listens to",
        isAdvanced: true,
        appliesTo: isVoice,
        options: [
          { value: "auto", label: "Level over the noise, and voice" },
          { value: "level", label: "Level alone" },
          { value: "probability", label: "Voice probability" },
          { value: "accurate", label: "Accurate (Silero)" },
        ],
      },
      {
        kind: "range",
        path: "capture.activation.sensitivityPercent",
        label: "Sensitivity",
        range: activation.sensitivityPercent,
        appliesTo: usesDetector("auto"),
      },
      {
        kind: "range",
        path: "capture.activation.openDb",
        label: "Opens above",
        range: activation.openDb,
        appliesTo: usesDetector("level"),
      },
      {
        kind: "range",
        path: "capture.activation.closeDb",
        label: "Closes below",
        range: activation.closeDb,
        appliesTo: usesDetector("level"),
      },
      {
        kind: "range",
        path: "capture.activation.openProbability",
        label: "Opens above",
        range: activation.openProbability,
        appliesTo: usesDetector("probability", "accurate"),
      },
      {
        kind: "range",
        path: "capture.activation.closeProbability",
        label: "Closes below",
        range: activation.closeProbability,
        appliesTo: usesDetector("probability", "accurate"),
      },
      {
        kind: "range",
        path: "capture.activation.holdMs",
        label: "Hold",
        range: activation.holdMs,
        isAdvanced: true,
        appliesTo: isVoice,
      },
      {
        kind: "range",
        path: "capture.activation.attackMs",
        label: "Attack",
        range: activation.attackMs,
        isAdvanced: true,
      },
      {
        kind: "range",
        path: "capture.activation.releaseMs",
        label: "Release",
        range: activation.releaseMs,
        isAdvanced: true,
      },
      {
        kind: "range",
        path: "capture.activation.preRollMs",
        label: "Pre-roll",
        hint: "Sound from before the gate opened that is sent first, so that word starts survive.",
        range: activation.preRollMs,
        isAdvanced: true,
      },
    ],
  },
  {
    id: "push-to-talk",
    title: "Talk key",
    summary: "Used by the three key modes, and to speak while muted.",
    icon: "lock",
    controls: [
      { kind: "key", path: "capture.pushToTalk.key", label: "Key" },
      {
        kind: "range",
        path: "capture.pushToTalk.releaseDelayMs",
        label: "Release delay",
        range: pushToTalk.releaseDelayMs,
        appliesTo: usesKey,
      },
      {
        kind: "range",
        path: "capture.pushToTalk.doublePressLockMs",
        label: "Double-press lock",
        range: pushToTalk.doublePressLockMs,
        isAdvanced: true,
        appliesTo: usesKey,
        format: (value) => (value === 0 ? "off" : `within ${value} ms`),
      },
      {
        kind: "range",
        path: "capture.pushToTalk.cueVolumeDb",
        label: "Cue volume",
        range: pushToTalk.cueVolumeDb,
        isAdvanced: true,
        appliesTo: usesKey,
      },
    ],
  },
  {
    id: "leveler",
    title: "Leveler",
    summary: "Brings quiet and loud speakers to one loudness.",
    icon: "faders",
    stage: "leveler",
    bypass: {
      path: "capture.leveler.isEnabled",
      isOn: ({ capture }) => capture.leveler.isEnabled,
      on: true,
      off: false,
    },
    controls: [
      { kind: "range", path: "capture.leveler.targetLufs", label: "Target", range: leveler.targetLufs },
      {
        kind: "range",
        path: "capture.leveler.maxBoostDb",
        label: "Most boost",
        range: leveler.maxBoostDb,
        isAdvanced: true,
      },
      { kind: "range", path: "capture.leveler.maxCutDb", label: "Most cut", range: leveler.maxCutDb, isAdvanced: true },
      {
        kind: "choice",
        path: "capture.leveler.speed",
        label: "Speed",
        isAdvanced: true,
        options: [
          { value: "slow", label: "Slow" },
          { value: "medium", label: "Medium" },
          { value: "fast", label: "Fast" },
        ],
      },
    ],
  },
  {
    id: "limiter",
    title: "Limiter",
    summary: "Nothing leaves louder than the ceiling.",
    icon: "sliders",
    stage: "limiter",
    bypass: {
      path: "capture.limiter.isEnabled",
      isOn: ({ capture }) => capture.limiter.isEnabled,
      on: true,
      off: false,
    },
    controls: [
      { kind: "range", path: "capture.limiter.ceilingDb", label: "Ceiling", range: limiter.ceilingDb },
      {
        kind: "range",
        path: "capture.limiter.releaseMs",
        label: "Release",
        range: limiter.releaseMs,
        isLogarithmic: true,
        isAdvanced: true,
      },
    ],
  },
];
