import * as v from "valibot";
import { integerIn, SETTING_RANGES } from "./ranges.ts";

const RANGES = SETTING_RANGES.encoder;

/** Duration of one Opus frame, ms. */
export type FrameDuration = 2.5 | 5 | 10 | 20 | 40 | 60;

/** Every frame duration Opus knows, ms, shortest first. */
export const FRAME_DURATIONS: readonly FrameDuration[] = [2.5, 5, 10, 20, 40, 60];

/** A named set of encoder settings; `"custom"` when no name fits. */
export type EncoderPresetName = "low" | "balanced" | "high" | "music";

/** The Opus encoder. All of it can change while audio runs. */
export type EncoderSettings = {
  /** The preset these settings match, kept in step by `applyPatch`. */
  readonly preset: EncoderPresetName | "custom";
  /** 6000…510000 bit/s of Opus payload. */
  readonly bitrate: number;
  readonly frameDuration: FrameDuration;
  /** 0…10: effort against quality. */
  readonly complexity: number;
  readonly application: "voip" | "audio" | "lowdelay";
  readonly bandwidth: "auto" | "narrow" | "medium" | "wide" | "superwide" | "full";
  readonly rateControl: "vbr" | "cvbr" | "cbr";
  /** In-band forward error correction. Needs SILK, so frames of 10 ms or more. */
  readonly fec: boolean;
  /** Loss the encoder prepares for, 0…100 %. */
  readonly expectedLossPercent: number;
  /** Discontinuous transmission: near-silence costs a packet of at most two bytes. */
  readonly dtx: boolean;
  /** Deep redundancy in units of 10 ms, 0…100; needs the neural codec. */
  readonly dredDuration: number;
  readonly signal: "auto" | "voice" | "music";
  /** Two channels instead of one. */
  readonly stereo: boolean;
};

/** Schema of {@link EncoderSettings}. */
export const encoderSettingsSchema: v.GenericSchema<unknown, EncoderSettings> = v.object({
  preset: v.picklist(["low", "balanced", "high", "music", "custom"]),
  bitrate: integerIn(RANGES.bitrate),
  frameDuration: v.picklist(FRAME_DURATIONS),
  complexity: integerIn(RANGES.complexity),
  application: v.picklist(["voip", "audio", "lowdelay"]),
  bandwidth: v.picklist(["auto", "narrow", "medium", "wide", "superwide", "full"]),
  rateControl: v.picklist(["vbr", "cvbr", "cbr"]),
  fec: v.boolean(),
  expectedLossPercent: integerIn(RANGES.expectedLossPercent),
  dtx: v.boolean(),
  dredDuration: integerIn(RANGES.dredDuration),
  signal: v.picklist(["auto", "voice", "music"]),
  stereo: v.boolean(),
});
