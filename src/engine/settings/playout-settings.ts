import * as v from "valibot";
import { type LimiterSettings, limiterSettingsSchema } from "./capture-settings.ts";
import { integerIn, numberIn, SETTING_RANGES } from "./ranges.ts";

/** How much every receive stream buffers. */
export type JitterBufferSettings = {
  /** `"auto-up"` only ever raises the delay; `"manual"` keeps `targetMs`. */
  readonly mode: "auto" | "auto-up" | "manual";
  /** Delay in manual mode, 0…500 ms. */
  readonly targetMs: number;
  /** Lower bound of the automatic target, ms; never above `maxMs`. */
  readonly minMs: number;
  /** Upper bound of the automatic target, ms. */
  readonly maxMs: number;
  /** 0 = quick (least delay) … 1 = safe (least concealment). */
  readonly preference: number;
};

/** Latency asked of the audio devices: seconds, 0 for the least the machine offers, or a category of Web Audio. */
export type LatencyHint = number | "interactive" | "balanced" | "playback";

/** The way from the mix to the ears. */
export type OutputSettings = {
  /** Device id; empty for the system default. */
  readonly deviceId: string;
  /** Label at the time of choice: finds the device again when ids have changed. */
  readonly deviceLabel: string;
  /** −60…6 dB; −60 is silence. */
  readonly masterDb: number;
  /** Asked of capture and playback alike. Larger values survive busier machines. */
  readonly latencyHint: LatencyHint;
  /** Rate of the playback context, Hz; `null` is the device's own. Everything inside runs at 48 kHz whatever this is. */
  readonly sampleRate: number | null;
  readonly limiter: LimiterSettings;
};

/** Schema of {@link JitterBufferSettings}. */
export const jitterBufferSettingsSchema: v.GenericSchema<unknown, JitterBufferSettings> = v.object({
  mode: v.picklist(["auto", "auto-up", "manual"]),
  targetMs: numberIn(SETTING_RANGES.jitterBuffer.targetMs),
  minMs: numberIn(SETTING_RANGES.jitterBuffer.minMs),
  maxMs: numberIn(SETTING_RANGES.jitterBuffer.maxMs),
  preference: numberIn(SETTING_RANGES.jitterBuffer.preference),
});

/** Schema of {@link OutputSettings}. */
export const outputSettingsSchema: v.GenericSchema<unknown, OutputSettings> = v.object({
  deviceId: v.pipe(v.string(), v.maxLength(512)),
  deviceLabel: v.pipe(v.string(), v.maxLength(512)),
  masterDb: numberIn(SETTING_RANGES.output.masterDb),
  latencyHint: v.union([
    numberIn(SETTING_RANGES.output.latencyHint),
    v.picklist(["interactive", "balanced", "playback"]),
  ]),
  sampleRate: v.nullable(integerIn(SETTING_RANGES.output.sampleRate)),
  limiter: limiterSettingsSchema,
});
