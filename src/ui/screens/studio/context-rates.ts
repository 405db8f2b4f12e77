/** Rates of an AudioContext to choose from, Hz: what the latency matrix measures, and 32 kHz. */
export const CONTEXT_RATES: readonly number[] = [8_000, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 96_000];
