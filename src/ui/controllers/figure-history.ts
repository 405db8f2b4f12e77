import type { Peer, VoiceEngine } from "../../engine/index.ts";
import type { LevelSources } from "./level-sources.ts";
import { readMachineCounters } from "./machine-counters.ts";
import { MachineHistory } from "./machine-history.ts";

/** Between two samples, ms. */
const INTERVAL_MS = 500;
/** Samples kept for each person: four minutes. */
const MAX_SAMPLES = 480;

/** One moment of the way from one person, as it was over the half second before. Undefined where nothing is known. */
export type FigureSample = {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly roundTripMs: number | undefined;
  readonly jitterMs: number | undefined;
  readonly lossPercent: number | undefined;
  readonly concealedPercent: number | undefined;
  readonly receivedKbps: number | undefined;
  readonly sentKbps: number | undefined;
  readonly targetDelayMs: number | undefined;
  readonly currentDelayMs: number | undefined;
  readonly driftPpm: number | undefined;
};

type Counters = {
  readonly received: number;
  readonly lost: number;
  readonly samples: number;
  readonly concealed: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
};

type Track = { readonly samples: FigureSample[]; before: Counters | undefined };

/** Whom the figures are about. */
export type FigureSources = {
  readonly peers: readonly Peer[];
  readonly engine: VoiceEngine | undefined;
  readonly levels: LevelSources;
};

/** The last minutes of every connection and of this machine, gathered twice a second while a call runs, whatever screen is open. */
export class FigureHistory {
  readonly machine = new MachineHistory();
  readonly #tracks = new WeakMap<Peer, Track>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Gathers what `sources` has at the time, until `signal` aborts. */
  start(sources: FigureSources, signal: AbortSignal): void {
    clearInterval(this.#timer);
    this.machine.clear();
    this.#timer = setInterval(() => {
      for (const peer of sources.peers) {
        this.#sample(peer);
      }
      if (sources.engine !== undefined) {
        const counters = readMachineCounters(sources.engine, sources.levels);
        this.machine.sample(counters, { at: Date.now(), now: performance.now() });
      }
    }, INTERVAL_MS);
    signal.addEventListener("abort", () => clearInterval(this.#timer));
  }

  /** The samples of a person, oldest first. */
  of(peer: Peer): readonly FigureSample[] {
    return this.#tracks.get(peer)?.samples ?? [];
  }

  #sample(peer: Peer): void {
    const track = this.#tracks.get(peer) ?? { samples: [], before: undefined };
    this.#tracks.set(peer, track);
    const { streams, link, roundTripTimeMs } = peer.stats();
    const now: Counters = {
      received: sum(streams.map(({ packetsReceived }) => packetsReceived)),
      lost: sum(streams.map(({ packetsLost }) => packetsLost)),
      samples: sum(streams.map(({ totalSamplesReceived }) => totalSamplesReceived)),
      concealed: sum(streams.map(({ concealedSamples }) => concealedSamples)),
      receivedBytes: sum((link?.incoming ?? []).map(({ bytesReceived }) => bytesReceived)),
      sentBytes: sum((link?.outgoing ?? []).map(({ bytesSent }) => bytesSent)),
    };
    const before = track.before ?? now;
    track.before = now;
    const lost = Math.max(0, now.lost - before.lost);
    const [stream] = streams;
    track.samples.push({
      at: Date.now(),
      roundTripMs: roundTripTimeMs,
      jitterMs: link?.incoming[0]?.jitterMs,
      lossPercent: share(lost, now.received - before.received + lost),
      concealedPercent: share(now.concealed - before.concealed, now.samples - before.samples),
      receivedKbps: rate(now.receivedBytes - before.receivedBytes),
      sentKbps: rate(now.sentBytes - before.sentBytes),
      targetDelayMs: stream?.targetDelayMs,
      currentDelayMs: stream?.currentDelayMs,
      driftPpm: stream?.driftPpm,
    });
    if (track.samples.length > MAX_SAMPLES) {
      track.samples.shift();
    }
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function share(part: number, whole: number): number | undefined {
  return whole > 0 ? (100 * part) / whole : undefined;
}

/** kbit/s of bytes in one interval. Counters that start over give none. */
function rate(bytes: number): number | undefined {
  return bytes < 0 ? undefined : (bytes * 8) / INTERVAL_MS;
}
