import { defaultSettings } from "../src/engine/settings/default-settings.ts";
import type { JitterBufferSettings } from "../src/engine/settings/playout-settings.ts";

/** A way to run the jitter buffer, by the name in the table. */
export type ReceiverPolicy = { readonly name: string; readonly settings: JitterBufferSettings };

const { jitterBuffer } = defaultSettings;

/** `auto` is the default; the others are what a user may choose instead. */
export const RECEIVER_POLICIES: readonly ReceiverPolicy[] = [
  { name: "auto", settings: jitterBuffer },
  { name: "quick", settings: { ...jitterBuffer, preference: 0 } },
  { name: "safe", settings: { ...jitterBuffer, preference: 1 } },
  { name: "auto-up", settings: { ...jitterBuffer, mode: "auto-up" } },
  { name: "manual-60", settings: { ...jitterBuffer, mode: "manual", targetMs: 60 } },
];
