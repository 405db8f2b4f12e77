import type { SettingsPatch } from "../src/engine/settings/apply-patch.ts";
import type { FrameDuration } from "../src/engine/settings/encoder-settings.ts";

/** One cell of the latency matrix, as it is listed. */
export type LatencyCellPlan = {
  readonly path: "antiphon" | "native-webrtc";
  /** What is switched on between microphone and encoder. */
  readonly processing: "off" | "default" | "browser";
  readonly frameMs: FrameDuration;
  readonly buffer: "auto" | "browser";
  readonly settings: readonly SettingsPatch[];
};

/** Everything that changes the signal or adds delay switched off: capture → Opus → network → jitter buffer → output. */
const WITHOUT_PROCESSING: SettingsPatch = {
  capture: {
    highPass: { isEnabled: false },
    suppressor: { kind: "off" },
    activation: { mode: "open" },
    leveler: { isEnabled: false },
    limiter: { isEnabled: false },
  },
  output: { limiter: { isEnabled: false } },
};

/** The default chain with the microphone open: chirps are not speech, and activation would rightly cut them. */
const DEFAULT_PROCESSING: SettingsPatch = {
  capture: { suppressor: { kind: "off" }, activation: { mode: "open" }, leveler: { isEnabled: false } },
};

/** Frames under 10 ms are CELT's alone: restricted low delay spares SILK's look-ahead of 4 ms. */
const isLowDelay = (frameMs: FrameDuration): boolean => frameMs < 10;

const antiphon = (frameMs: FrameDuration, processing: "off" | "default"): LatencyCellPlan => ({
  path: "antiphon",
  processing,
  frameMs,
  buffer: "auto",
  settings: [
    processing === "off" ? WITHOUT_PROCESSING : DEFAULT_PROCESSING,
    {
      encoder: {
        frameDuration: frameMs,
        bitrate: isLowDelay(frameMs) ? 96_000 : 48_000,
        application: isLowDelay(frameMs) ? "lowdelay" : "voip",
        fec: false,
      },
    },
  ],
});

/** The browser's own track: 20 ms frames, whatever buffer it chooses. */
const native: LatencyCellPlan = {
  path: "native-webrtc",
  processing: "browser",
  frameMs: 20,
  buffer: "browser",
  settings: [],
};

/** The cells of a run, in the order they are measured. */
export function latencyCells(quick: boolean): readonly LatencyCellPlan[] {
  if (quick) return [native, antiphon(2.5, "off"), antiphon(10, "off")];
  const frames: readonly FrameDuration[] = [2.5, 5, 10, 20, 40, 60];
  return [native, ...frames.map((frameMs) => antiphon(frameMs, "off")), antiphon(10, "default")];
}
