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

/** A datagram and when it comes, ms on the receiver's clock. */
export type Arrival = { readonly time: number; readonly datagram: Uint8Array };

/** What a simulated receiver did. */
export type SimulationResult = {
  readonly statistics: ReceiveStatistics;
  /** Samples, when they were asked for. */
  readonly output: readonly Float32Array[] | undefined;
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
  /** Channels decoded, 1 by default. */
  readonly channels?: 1 | 2;
  /** RTP timestamps of the packets, from 0; by default one frame after another. */
  readonly timestamps?: ArrayLike<number>;
};

/** Puts the payload of packet `index` into an RTP packet. */
export function packetize(
  payload: Uint8Array,
  index: number,
  timestamp: number,
  payloadType = OPUS_PAYLOAD_TYPE,
): Uint8Array {
  const fields: RtpPacketFields = {
    marker: index === 0,
    payloadType,
    sequenceNumber: index & 0xffff,
    timestamp: timestamp % 0x1_0000_0000,
    ssrc: 1,
    audioLevel: 30,
    voiceActivity: true,
    captureTimeMs: -1,
    heldBackSamples: 0,
    isPause: false,
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

/** Notes when packets are heard. */
class PlayoutLog implements PlayoutObserver {
  readonly playedAt: Float64Array;
  readonly #timestamps: ArrayLike<number>;
  readonly #start: number;

  /** `timestamps` of the packets grow from 0; `start` is the time of playout sample 0 in ms. */
  constructor(timestamps: ArrayLike<number>, start: number) {
    this.playedAt = new Float64Array(timestamps.length).fill(Number.NaN);
    this.#timestamps = timestamps;
    this.#start = start;
  }

  framePlayed(timestamp: number, time: number): void {
    const index = this.#indexAt(timestamp);
    if (index < 0) return;
    this.playedAt[index] = this.#start + (time - (timestamp - (this.#timestamps[index] ?? 0))) / 48;
  }

  /** The last packet that does not begin after `media`. */
  #indexAt(media: number): number {
    let low = 0;
    let high = this.#timestamps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#timestamps[middle] ?? 0) <= media) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** Runs the receive stream under virtual time through a trace, one render quantum after another. */
export function simulate(
  trace: NetworkTrace,
  arrivals: readonly Arrival[],
  options: SimulationOptions,
): SimulationResult {
  const { codec, settings, phase = 0, keepsOutput = false, channels = 1 } = options;
  const frameSamples = millisecondsToSamples(trace.frameDuration);
  const start = (phase * QUANTUM) / 48;
  const timestamps = options.timestamps ?? trace.packets.map((_, index) => index * frameSamples);
  const log = new PlayoutLog(timestamps, start);
  const stream = new ReceiveStream({ codec, channels, settings, observer: log });
  const last = trace.packets[trace.packets.length - 1]?.sent ?? 0;
  const total = Math.ceil(millisecondsToSamples(last + trace.frameDuration) / QUANTUM) * QUANTUM;
  const output = keepsOutput ? Array.from({ length: channels }, () => new Float32Array(total)) : undefined;
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
    output?.[0]?.set(left, now);
    output?.[1]?.set(right, now);
  }
  stream.close();
  return { statistics: stream.statistics, output, playedAt: log.playedAt };
}
