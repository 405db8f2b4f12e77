import type { EncoderSettings } from "../settings/encoder-settings.ts";

/** What the network asks of the encoder. The capture side applies it without a click. */
export type EncoderTarget = Pick<
  EncoderSettings,
  "bitrate" | "frameDuration" | "fec" | "expectedLossPercent" | "dtx" | "dredDuration"
>;

/** What the user chose, which is also the most the network may ask for. */
export type EncoderPreferences = Readonly<EncoderTarget>;

/** Preferences of a stream for which none are given: the "balanced" preset. */
export const DEFAULT_PREFERENCES: EncoderPreferences = {
  bitrate: 32_000,
  frameDuration: 20,
  fec: true,
  expectedLossPercent: 0,
  dtx: false,
  dredDuration: 0,
};

/** Quantities that the controllers decide. */
export type DecidedQuantity =
  | "path-rate"
  | "frame-duration"
  | "bitrate"
  | "redundancy"
  | "fec"
  | "expected-loss"
  | "dred"
  | "dtx"
  | "connections";

/** One decision: what changed, from what to what, and why. */
export interface DecisionLogEntry {
  /** Time of the decision on the router's clock, ms. */
  readonly at: number;
  readonly ssrc: number;
  /** The link it was decided for; undefined for the encoder, which serves all links of its stream. */
  readonly linkId: number | undefined;
  readonly quantity: DecidedQuantity;
  readonly from: number;
  readonly to: number;
  /** One sentence for people, with the figures that decided. */
  readonly reason: string;
}
