import type { Peer } from "../../../engine/index.ts";

/** The few figures of a tile and a strip; undefined while unknown. */
export type PeerFigures = {
  readonly roundTripMs: number | undefined;
  /** Packets lost of those expected since the reading a few seconds ago. */
  readonly lossPercent: number | undefined;
  /** Jitter buffer of the slowest stream. */
  readonly currentDelayMs: number | undefined;
  readonly targetDelayMs: number | undefined;
};

/** Readings a loss figure looks back over: at two a second, five seconds. */
const LOSS_READINGS = 10;

type Counts = { readonly received: number; readonly lost: number };

/** Turns a peer's counters into figures of the present. One reader per tile: it remembers the readings before. */
export class PeerFigureReader {
  #history: readonly Counts[] = [];

  /** Takes a reading. */
  read(peer: Peer): PeerFigures {
    const { streams, roundTripTimeMs } = peer.stats();
    const counts: Counts = {
      received: streams.reduce((sum, { packetsReceived }) => sum + packetsReceived, 0),
      lost: streams.reduce((sum, { packetsLost }) => sum + packetsLost, 0),
    };
    this.#history = [...this.#history.slice(-LOSS_READINGS), counts];
    const delays = streams.filter(({ packetsReceived }) => packetsReceived > 0);
    return {
      roundTripMs: roundTripTimeMs,
      lossPercent: this.#loss(counts),
      currentDelayMs: largest(delays.map(({ currentDelayMs }) => currentDelayMs)),
      targetDelayMs: largest(delays.map(({ targetDelayMs }) => targetDelayMs)),
    };
  }

  #loss(counts: Counts): number | undefined {
    const [oldest] = this.#history;
    if (oldest === undefined) {
      return undefined;
    }
    const lost = Math.max(0, counts.lost - oldest.lost);
    const expected = counts.received - oldest.received + lost;
    return expected > 0 ? (100 * lost) / expected : undefined;
  }
}

function largest(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.round(Math.max(...values) * 10) / 10;
}
