import * as v from "valibot";
import { type ActivationSettings, activationSettingsSchema } from "./activation-settings.ts";
import { numberIn, SETTING_RANGES } from "./ranges.ts";

const RANGES = SETTING_RANGES.capture;

/** Cuts rumble below the voice: second-order Butterworth. */
export type HighPassSettings = {
  readonly isEnabled: boolean;
  /** −3 dB frequency, 20…300 Hz. */
  readonly cutoffHz: number;
};

/**
 * Noise suppression engine. `"browser"` leaves the work to the browser's own processing of the track, so the chain passes
 * audio through.
 */
export type SuppressorKind = "off" | "browser" | "speex" | "rnnoise" | "gtcrn";

/** How strongly background noise is removed. */
export type SuppressorSettings = {
  readonly kind: SuppressorKind;
  /** Deepest attenuation of noise, −60…0 dB: what stays of the original signal under the suppressed one. */
  readonly maxReductionDb: number;
  /** Share of the suppressed signal against the delay-aligned original, 0…100 %. */
  readonly mixPercent: number;
};

/** How fast the leveler follows the speaker: gain slew of 2, 4 or 6 dB/s. */
export type LevelerSpeed = "slow" | "medium" | "fast";

/** Brings speech of any loudness to one loudness (BS.1770). */
export type LevelerSettings = {
  readonly isEnabled: boolean;
  /** −36…−14 LUFS. */
  readonly targetLufs: number;
  /** Largest amplification, 0…24 dB. */
  readonly maxBoostDb: number;
  /** Largest attenuation, 0…24 dB. */
  readonly maxCutDb: number;
  readonly speed: LevelerSpeed;
};

/** Holds the true peak under a ceiling. */
export type LimiterSettings = {
  readonly isEnabled: boolean;
  /** −12…0 dBTP. */
  readonly ceilingDb: number;
  /** 1…1000 ms. */
  readonly releaseMs: number;
};

/** The talk key: push-to-talk, push-to-mute and toggle. */
export type PushToTalkSettings = {
  /** `KeyboardEvent.code` of the talk key. */
  readonly key: string;
  /** How long transmission goes on after the key is released, 0…2000 ms. */
  readonly releaseDelayMs: number;
  /** Two presses within this time lock transmission on; 0 = off, up to 1000 ms. */
  readonly doublePressLockMs: number;
  /** Volume of the key-down and key-up cue, −40…0 dB. */
  readonly cueVolumeDb: number;
};

/** Everything between the microphone and the Opus encoder, in signal order. */
export type CaptureSettings = {
  /** Gain before everything else, −30…30 dB. */
  readonly trimDb: number;
  readonly highPass: HighPassSettings;
  readonly suppressor: SuppressorSettings;
  readonly activation: ActivationSettings;
  readonly pushToTalk: PushToTalkSettings;
  readonly leveler: LevelerSettings;
  readonly limiter: LimiterSettings;
};

/** Schema of {@link LimiterSettings}; the same limiter stands at the end of capture and of output. */
export const limiterSettingsSchema: v.GenericSchema<unknown, LimiterSettings> = v.object({
  isEnabled: v.boolean(),
  ceilingDb: numberIn(RANGES.limiter.ceilingDb),
  releaseMs: numberIn(RANGES.limiter.releaseMs),
});

/** Schema of {@link CaptureSettings}. */
export const captureSettingsSchema: v.GenericSchema<unknown, CaptureSettings> = v.object({
  trimDb: numberIn(RANGES.trimDb),
  highPass: v.object({ isEnabled: v.boolean(), cutoffHz: numberIn(RANGES.highPass.cutoffHz) }),
  suppressor: v.object({
    kind: v.picklist(["off", "browser", "speex", "rnnoise", "gtcrn"]),
    maxReductionDb: numberIn(RANGES.suppressor.maxReductionDb),
    mixPercent: numberIn(RANGES.suppressor.mixPercent),
  }),
  activation: activationSettingsSchema,
  pushToTalk: v.object({
    key: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
    releaseDelayMs: numberIn(RANGES.pushToTalk.releaseDelayMs),
    doublePressLockMs: numberIn(RANGES.pushToTalk.doublePressLockMs),
    cueVolumeDb: numberIn(RANGES.pushToTalk.cueVolumeDb),
  }),
  leveler: v.object({
    isEnabled: v.boolean(),
    targetLufs: numberIn(RANGES.leveler.targetLufs),
    maxBoostDb: numberIn(RANGES.leveler.maxBoostDb),
    maxCutDb: numberIn(RANGES.leveler.maxCutDb),
    speed: v.picklist(["slow", "medium", "fast"]),
  }),
  limiter: limiterSettingsSchema,
});

/** Suppressors that are modules of their own, loaded when they are wanted. */
export type LoadableSuppressor = "rnnoise" | "gtcrn";

/** Modules that a chain with these settings runs: the suppressor that is heard, and the one that only listens. */
export function wantedSuppressors(capture: CaptureSettings): readonly LoadableSuppressor[] {
  const { kind } = capture.suppressor;
  const heard = kind === "rnnoise" || kind === "gtcrn" ? [kind] : [];
  return listensForVoice(capture) ? [...heard, "rnnoise"] : heard;
}

/** Whether voice activation goes by RNNoise although another suppressor, or none, is chosen. */
export function listensForVoice({ activation, suppressor }: CaptureSettings): boolean {
  return activation.mode === "voice" && activation.detector !== "level" && suppressor.kind !== "rnnoise";
}
