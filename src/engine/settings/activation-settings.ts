import * as v from "valibot";
import { numberIn, SETTING_RANGES } from "./ranges.ts";

const RANGES = SETTING_RANGES.capture.activation;

/**
 * When the microphone transmits. `"open"`: always. `"voice"`: while someone speaks. `"push-to-talk"`: while the talk key is
 * held. `"push-to-mute"`: unless it is held. `"toggle"`: each press changes between the two.
 */
export type ActivationMode = "open" | "voice" | "push-to-talk" | "push-to-mute" | "toggle";

/**
 * What voice mode listens to. `"auto"`: RNNoise's voice probability, also where another suppressor is heard, together with the
 * level over a tracked noise floor. `"level"`: the two level thresholds. `"probability"`: RNNoise's probability alone. `"accurate"`:
 * Silero's probability from the VAD worker (falls back to `"auto"` while it is not there).
 */
export type ActivationDetector = "auto" | "level" | "probability" | "accurate";

/** The gate between the suppressor and the encoder. */
export type ActivationSettings = {
  readonly mode: ActivationMode;
  readonly detector: ActivationDetector;
  /** For `"auto"`: 0 opens only for clear speech, 100 for anything over the noise. */
  readonly sensitivityPercent: number;
  /** For `"level"`: opens above this RMS level, dBFS. */
  readonly openDb: number;
  /** For `"level"`: closes below this RMS level, dBFS; never above `openDb`. */
  readonly closeDb: number;
  /** For the probabilities: opens above this for two of three blocks, or once at 0.9. */
  readonly openProbability: number;
  /** For the probabilities: closes below this; never above `openProbability`. */
  readonly closeProbability: number;
  /** Fade-in when the gate opens, 0…100 ms. With a pre-roll it lies before the word. */
  readonly attackMs: number;
  /** How long the gate stays open after the last voice, 0…2000 ms. */
  readonly holdMs: number;
  /** Fade-out when the gate closes, 0…1000 ms. */
  readonly releaseMs: number;
  /** Audio from before the decision that is sent first, 0…300 ms, in steps of 10. */
  readonly preRollMs: number;
};

/** Schema of {@link ActivationSettings}. */
export const activationSettingsSchema: v.GenericSchema<unknown, ActivationSettings> = v.object({
  mode: v.picklist(["open", "voice", "push-to-talk", "push-to-mute", "toggle"]),
  detector: v.picklist(["auto", "level", "probability", "accurate"]),
  sensitivityPercent: numberIn(RANGES.sensitivityPercent),
  openDb: numberIn(RANGES.openDb),
  closeDb: numberIn(RANGES.closeDb),
  openProbability: numberIn(RANGES.openProbability),
  closeProbability: numberIn(RANGES.closeProbability),
  attackMs: numberIn(RANGES.attackMs),
  holdMs: numberIn(RANGES.holdMs),
  releaseMs: numberIn(RANGES.releaseMs),
  preRollMs: numberIn(RANGES.preRollMs),
});
