import type { VoiceEngine } from "antiphon";

/** Prints every two seconds how each person is heard. Ends with the signal. */
export function watchCall(engine: VoiceEngine, signal: AbortSignal): void {
  const timer = setInterval(() => {
    for (const { id, streams, roundTripTimeMs } of engine.statistics().peers) {
      for (const stream of streams) {
        const concealed = (100 * stream.concealedSamples) / Math.max(1, stream.totalSamplesReceived);
        console.info(
          `${id}: buffer ${stream.currentDelayMs.toFixed(0)} of ${stream.targetDelayMs.toFixed(0)} ms, ` +
            `round trip ${roundTripTimeMs?.toFixed(0) ?? "?"} ms, ${concealed.toFixed(2)} % concealed`,
        );
      }
    }
  }, 2_000);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}
