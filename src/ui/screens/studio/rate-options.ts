import type { ChoiceOption } from "../../parts/antiphon-choice.ts";

/** Rates of an AudioContext to choose from: what the latency matrix measures, and 32 kHz. */
export const RATE_OPTIONS: readonly ChoiceOption[] = [
  8_000, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 96_000,
].map((rate) => ({ value: String(rate), label: `${rate / 1000} kHz` }));
