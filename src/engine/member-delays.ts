import type { OutputStatistics, SendStreamStatistics } from "./engine-statistics.ts";

/** What one member's machine adds to a voice, ms: before it goes out, and behind the jitter buffer for what comes in. */
export type MemberDelays = {
  /** One render quantum: what the microphone's own buffers hold no page can know. */
  readonly captureMs: number;
  /** Suppressor and limiter. */
  readonly processingMs: number;
  /** The frame and the codec's look-ahead. */
  readonly encodeMs: number;
  /** Limiter of the mix and conversion of the rate. */
  readonly decodeMs: number;
  /** From the mix to the loudspeaker, as the browser says. */
  readonly outputMs: number;
};

/** What this machine adds; capture, processing and encoding are 0 while nothing is sent. */
export function memberDelays(local: SendStreamStatistics | undefined, output: OutputStatistics): MemberDelays {
  const isSending = local !== undefined && local.contextRate > 0;
  return {
    captureMs: tenths(isSending ? (1_000 * local.quantumFrames) / local.contextRate : 0),
    processingMs: tenths(isSending ? local.chainLatencyMs : 0),
    encodeMs: tenths(isSending ? local.frameMs + local.encoderLookaheadMs : 0),
    decodeMs: tenths(output.mixLatencyMs),
    outputMs: tenths(1_000 * (output.baseLatency + output.outputLatency)),
  };
}

/** Whether two differ by so much, ms, in any stage that it is worth telling. */
export function areDelaysDifferent(a: MemberDelays | undefined, b: MemberDelays, byMs: number): boolean {
  if (a === undefined) return true;
  return [
    a.captureMs - b.captureMs,
    a.processingMs - b.processingMs,
    a.encodeMs - b.encodeMs,
    a.decodeMs - b.decodeMs,
    a.outputMs - b.outputMs,
  ].some((difference) => Math.abs(difference) >= byMs);
}

function tenths(ms: number): number {
  return Number.isFinite(ms) ? Math.min(5_000, Math.max(0, Math.round(10 * ms) / 10)) : 0;
}
