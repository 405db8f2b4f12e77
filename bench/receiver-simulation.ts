import type { CodecModule } from "../src/engine/codec/codec-module.ts";
import { millisecondsToSamples } from "../src/engine/media/units.ts";
import { OPUS_PAYLOAD_TYPE, type RtpPacketFields, writeRtpPacket } from "../src/engine/packet/rtp-packet.ts";
import type { PlayoutObserver } from "../src/engine/playout/emission-account.ts";
import type { ReceiveStatistics } from "../src/engine/playout/receive-statistics.ts";
import { ReceiveStream } from "../src/engine/playout/receive-stream.ts";
import type { JitterBufferSettings } from "../src/engine/settings/playout-settings.ts";
import type { NetworkTrace } from "./receiver-trace.ts";

/** A render quantum. */
const QUANTUM = 128;
/** Unwrapped timestamps of a stream whose first is 0 begin here. */
const TIMESTAMP_BASE = 0x1_0000_0000;

/** A datagram and when it comes, ms on the receiver's clock. */
export type Arrival = { readonly time: number; readonly datagram: Uint8Array };

/** What a simulated receiver did. */
export type SimulationResult = {
  readonly statistics: ReceiveStatistics;
  /** Samples, when they were asked for. */
  readonly output: Float32Array | undefined;
  /** Per packet of the trace: when its first sample was heard, ms; NaN when it was not decoded as itself. */
  readonly playedAt: Float64Array;
};

/** How a simulation runs. */
export type SimulationOptions = {
  readonly codec: CodecModule;
  readonly settings: JitterBufferSettings;
  /** How far the render quanta are shifted against the sender's frames, 0…1 of a quantum. */
  readonly phase?: number;
  readonly keepsOutput?: boolean;
};

/** Puts payload i of a trace into an RTP packet; a payload of a function's choice, for redundancy. */
export function packetize(
  payload: Uint8Array,
  index: number,
  frameSamples: number,
  type = OPUS_PAYLOAD_TYPE,
): Uint8Array {
  const fields: RtpPacketFields = {
    marker: index === 0,
    payloadType: type,
    sequenceNumber: index & 0xffff,
    timestamp: (index * frameSamples) % 0x1_0000_0000,
    ssrc: 1,
    audioLevel: 30,
    voiceActivity: true,
    captureTimeMs: -1,
    payload,
    payloadOffset: 0,
    payloadLength: payload.length,
  };
  const datagram = new Uint8Array(1300);
  return datagram.slice(0, writeRtpPacket(datagram, fields));
}

/** The datagrams of a trace in order of arrival. */
export function arrivalsOf(trace: NetworkTrace, datagrams: readonly Uint8Array[]): readonly Arrival[] {
  const arrivals: Arrival[] = [];
  trace.packets.forEach((packet, index) => {
    const datagram = datagrams[index];
    if (packet.arrival === null || datagram === undefined) return;
    arrivals.push({ time: packet.arrival, datagram });
    if (packet.duplicate !== undefined) arrivals.push({ time: packet.duplicate, datagram });
  });
  return arrivals.sort((a, b) => a.time - b.time);
}

/** Notes when packets of equal length are heard. */
class PlayoutLog implements PlayoutObserver {
  readonly playedAt: Float64Array;
  readonly #frameSamples: number;
  readonly #start: number;

  constructor(count: number, frameSamples: number, start: number) {
    this.playedAt = new Float64Array(count).fill(Number.NaN);
    this.#frameSamples = frameSamples;
    this.#start = start;
  }

  framePlayed(timestamp: number, time: number): void {
    const media = timestamp - TIMESTAMP_BASE;
    const index = Math.floor(media / this.#frameSamples);
    if (index < 0 || index >= this.playedAt.length) return;
    this.playedAt[index] = this.#start + (time - (media - index * this.#frameSamples)) / 48;
  }
}

/** Runs the receive stream under virtual time through a trace, one render quantum after another. */
export function simulate(
  trace: NetworkTrace,
  arrivals: readonly Arrival[],
  { codec, settings, phase = 0, keepsOutput = false }: SimulationOptions,
): SimulationResult {
  const frameSamples = millisecondsToSamples(trace.frameDuration);
  const start = (phase * QUANTUM) / 48;
  const log = new PlayoutLog(trace.packets.length, frameSamples, start);
  const stream = new ReceiveStream({ codec, channels: 1, settings, observer: log });
  const last = trace.packets[trace.packets.length - 1]?.sent ?? 0;
  const total = Math.ceil(millisecondsToSamples(last + trace.frameDuration) / QUANTUM) * QUANTUM;
  const output = keepsOutput ? new Float32Array(total) : undefined;
  const left = new Float32Array(QUANTUM);
  const right = new Float32Array(QUANTUM);
  let next = 0;
  for (let now = 0; now < total; now += QUANTUM) {
    for (let arrival = arrivals[next]; arrival !== undefined; arrival = arrivals[next]) {
      if ((arrival.time - start) * 48 > now) break;
      // As in the worklet, which drains its ring once a quantum: the arrival is known to a quantum.
      stream.insert(arrival.datagram, arrival.datagram.length, now);
      next++;
    }
    stream.pull(left, right, 0, QUANTUM);
    output?.set(left, now);
  }
  stream.close();
  return { statistics: stream.statistics, output, playedAt: log.playedAt };
}
