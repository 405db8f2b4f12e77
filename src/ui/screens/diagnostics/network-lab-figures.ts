import { type Decision, type EchoTest, LOWER_LAYER_BYTES } from "../../../engine/index.ts";

/** What the lab shows while it runs. */
export type LabFigures = {
  /** Share of packets the network has lost, %; undefined before the first report. */
  readonly lostPercent: number | undefined;
  /** Share of what is heard now that was made up, %. */
  readonly concealedPercent: number;
  /** Packets brought back since the start, by what brought them. */
  readonly recovered: { readonly red: number; readonly fec: number; readonly dred: number };
  /** From the encoder to the ear without the frame itself: the way through the network and the jitter buffer, ms. */
  readonly networkMs: number | undefined;
  readonly bufferMs: number;
  readonly targetMs: number;
  /** On the wire with all headers, bit/s; undefined before the second report. */
  readonly bitrate: number | undefined;
  /** What the encoder was asked for. */
  readonly encoder: { readonly frameMs: number; readonly bitrate: number; readonly copies: number } | undefined;
  /** The last decisions about this link, newest first. */
  readonly decisions: readonly Decision[];
};

/** Time over which "now" is meant, ms. */
const WINDOW_MS = 4_000;
/** Decisions shown. */
const SHOWN_DECISIONS = 5;

type Reading = {
  readonly at: number;
  readonly concealed: number;
  readonly heard: number;
  readonly wireBytes: number | undefined;
};

/** Turns the counters of an echo test into what happens now. One for every test. */
export class LabMeter {
  readonly #readings: Reading[] = [];

  /** Reads the counters at `now`, ms on any monotonic clock. Undefined before anything came back and after the end. */
  read(echo: EchoTest, decisions: readonly Decision[], now: number): LabFigures | undefined {
    const stats = echo.stats();
    if (stats === undefined || stats.totalSamplesReceived === 0) return undefined;
    const sent = echo.linkStats()?.outgoing[0];
    const path = echo.pathStats();
    this.#readings.push({
      at: now,
      concealed: stats.concealedSamples - stats.silentConcealedSamples,
      heard: stats.totalSamplesReceived,
      wireBytes: sent && sent.bytesSent + sent.packetsSent * LOWER_LAYER_BYTES,
    });
    while ((this.#readings[1]?.at ?? now) < now - WINDOW_MS) this.#readings.shift();
    const first = this.#readings[0];
    const last = this.#readings.at(-1);
    if (first === undefined || last === undefined) return undefined;
    const wired = this.#readings.find(({ wireBytes }) => wireBytes !== undefined);
    return {
      lostPercent: path && path.offered > 0 ? (100 * (path.offered - path.delivered)) / path.offered : undefined,
      concealedPercent: (100 * (last.concealed - first.concealed)) / Math.max(1, last.heard - first.heard),
      recovered: stats.recovered,
      networkMs: sent?.roundTripTimeMs === undefined ? undefined : sent.roundTripTimeMs / 2,
      bufferMs: stats.currentDelayMs,
      targetMs: stats.targetDelayMs,
      bitrate:
        wired?.wireBytes === undefined || last.wireBytes === undefined || last.at === wired.at
          ? undefined
          : (8_000 * (last.wireBytes - wired.wireBytes)) / (last.at - wired.at),
      encoder: sent && {
        frameMs: sent.target.frameDuration,
        bitrate: sent.target.bitrate,
        copies: sent.target.redundancyDistances.length,
      },
      decisions: decisions
        .filter(({ linkId }) => linkId === echo.linkId)
        .slice(-SHOWN_DECISIONS)
        .reverse(),
    };
  }
}
