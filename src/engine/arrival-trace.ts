import { encodeBase64 } from "./encode-base64.ts";
import { samplesToMilliseconds } from "./media/units.ts";
import type { TraceEntry } from "./threading/network-messages.ts";
import type { NetworkThread } from "./threading/network-thread.ts";

/** Packets that a trace holds at most: an hour at 20 ms. */
const MAX_PACKETS = 180_000;

/** When the packets of one stream were made and when they arrived, for `npm run replay -- … --trace FILE`. */
export type ArrivalTraceFile = {
  /** Duration of one frame, ms. */
  readonly frameDuration: number;
  /** One entry a packet in sending order, ms from the first; `arrival` is null for a lost packet. */
  readonly packets: readonly { readonly sent: number; readonly arrival: number | null }[];
  /** What came, with the sound in it, in the order of arrival, ms from the first; only where payloads were asked for. */
  readonly datagrams?: readonly { readonly arrival: number; readonly data: string }[];
};

/** What a trace holds. */
export type ArrivalTraceOptions = {
  /**
   * Keeps the datagrams too, in base64: then the replay needs no recording and gives what was heard, sample by sample. It holds what
   * somebody said: ask them. Default false.
   */
  readonly hasPayloads?: boolean;
};

/** Records the arrivals of one remote stream, numbers only unless payloads are asked for. Main thread. */
export class ArrivalTrace {
  readonly #network: NetworkThread;
  readonly #target: { readonly linkId: number; readonly ssrc: number };
  readonly #entries: TraceEntry[] = [];
  readonly #lifetime = new AbortController();

  /** Starts at once. */
  constructor(
    network: NetworkThread,
    target: { readonly linkId: number; readonly ssrc: number },
    { hasPayloads = false }: ArrivalTraceOptions = {},
  ) {
    this.#network = network;
    this.#target = target;
    network.addEventListener(
      "trace",
      ({ linkId, ssrc, entries }) => {
        if (linkId === target.linkId && ssrc === target.ssrc && this.#entries.length < MAX_PACKETS) {
          this.#entries.push(...entries);
        }
      },
      { signal: this.#lifetime.signal },
    );
    network.post({ type: "trace", ...target, depth: hasPayloads ? "payloads" : "headers" });
  }

  /** Packets recorded so far. */
  get length(): number {
    return this.#entries.length;
  }

  /** Ends the recording and returns it; undefined when fewer than two packets came. Idempotent. */
  stop(): ArrivalTraceFile | undefined {
    if (!this.#lifetime.signal.aborted) {
      this.#lifetime.abort();
      this.#network.post({ type: "trace", ...this.#target, depth: "off" });
    }
    return arrivalTraceFile(this.#entries);
  }
}

/** Orders arrivals by sequence number, fills the gaps with losses and starts both clocks at the first packet. */
export function arrivalTraceFile(entries: readonly TraceEntry[]): ArrivalTraceFile | undefined {
  const [first] = entries;
  if (first === undefined || entries.length < 2) {
    return undefined;
  }
  const packets = new Map<number, { readonly sent: number; readonly arrival: number }>();
  for (const { sequenceNumber, timestamp, arrivalMs } of entries) {
    const index = signed16(sequenceNumber - first.sequenceNumber, packets.size);
    const sent = samplesToMilliseconds((timestamp - first.timestamp) | 0);
    if (!packets.has(index)) {
      packets.set(index, { sent, arrival: arrivalMs - first.arrivalMs });
    }
  }
  const indices = [...packets.keys()].sort((a, b) => a - b);
  const frameDuration = shortestStep(indices, packets);
  const [lowest = 0] = indices;
  const base = packets.get(lowest)?.sent ?? 0;
  const earliest = Math.min(...[...packets.values()].map(({ sent, arrival }) => arrival - sent));
  const result: { sent: number; arrival: number | null }[] = [];
  for (let index = lowest, sent = 0; index <= (indices.at(-1) ?? lowest); index++) {
    const packet = packets.get(index);
    sent = packet === undefined ? sent : packet.sent - base;
    // The smallest transit becomes zero: the clocks of the two sides are not comparable.
    const arrival = packet === undefined ? null : Math.max(0, packet.arrival - base - earliest);
    result.push({ sent, arrival });
    sent += frameDuration;
  }
  const datagrams = entries.flatMap(({ arrivalMs, datagram }) =>
    datagram === undefined ? [] : [{ arrival: arrivalMs - first.arrivalMs, data: encodeBase64(datagram) }],
  );
  return { frameDuration, packets: result, ...(datagrams.length > 0 ? { datagrams } : {}) };
}

/** The difference of two 16-bit sequence numbers, carried on past its wrap near the `expected` index. */
function signed16(difference: number, expected: number): number {
  const low = difference & 0xffff;
  return low + 0x1_0000 * Math.round((expected - low) / 0x1_0000);
}

function shortestStep(indices: readonly number[], packets: ReadonlyMap<number, { readonly sent: number }>): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < indices.length; i++) {
    const [before = 0, after = 0] = [indices[i - 1], indices[i]];
    const step = (packets.get(after)?.sent ?? 0) - (packets.get(before)?.sent ?? 0);
    if (after - before === 1 && step > 0) {
      shortest = Math.min(shortest, step);
    }
  }
  return Number.isFinite(shortest) ? shortest : 20;
}
