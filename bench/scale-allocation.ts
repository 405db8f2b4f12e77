import { CodecModule } from "../src/engine/codec/codec-module.ts";
import { createSpeechLikeSignal } from "../src/engine/measurement/speech-like-signal.ts";
import { type RandomSource, seededRandom } from "../src/engine/media/random.ts";
import { Mixer } from "../src/engine/playout/mixer.ts";
import { ReceiveStream } from "../src/engine/playout/receive-stream.ts";
import { DEFAULT_STREAM_MIX } from "../src/engine/playout/stream-mix.ts";
import { defaultSettings } from "../src/engine/settings/default-settings.ts";
import { coreModule } from "../test/support/core-module.ts";
import { countAllocations } from "./allocation-count.ts";
import { encodeLooped } from "./receiver-encoding.ts";
import { packetize } from "./receiver-simulation.ts";

const QUANTUM = 128;
const FRAME = 960;
/** Where the RTP timestamps of a sender begin, and who it is: beyond 31 bits, as random numbers of 32 bits mostly are. */
const FIRST_TIMESTAMP = 3_000_000_000;
const SSRC = Uint8Array.of(0xf0, 0x12, 0x34, 0x56);
const SSRC_OFFSET = 8;
/**
 * Audio run before anything is counted, seconds over all streams: until what happens once a second in a stream is compiled too. Of it,
 * the last {@link CALM_SECONDS} in the network that is measured, the rest in one in which frames are often late and lost.
 */
export const WARM_UP_STREAM_SECONDS = 2_400;
const CALM_SECONDS = 20;
/** Share of packets lost, and jitter in samples, 10 and 50 ms. */
type Network = { readonly lost: number; readonly jitter: number };
const CALM: Network = { lost: 0.01, jitter: 480 };
const ROUGH: Network = { lost: 0.08, jitter: 2_400 };

type Second = {
  /** Playout clock at its end. */
  readonly end: number;
  readonly datagrams: readonly Uint8Array[];
  readonly due: Float64Array;
};

/** What mixing allocates on the heap of its thread in a steady state. */
export type AllocationFigures = {
  /** Objects allocated by the engine per second of audio, over all streams. */
  readonly allocationsPerSecond: number;
  /** Functions of the engine that allocated. */
  readonly allocators: readonly string[];
};

/**
 * Mixes `peers` streams with jitter and loss in Node and counts what the engine allocates. V8 puts a number on the heap when code that is
 * not compiled with optimisation computes it, and when it passes between compiled functions: the warm-up excludes the first, so
 * that the count shows the second, and every object.
 */
export async function measureAllocation(peers: number, seconds: number): Promise<AllocationFigures> {
  const codec = CodecModule.instantiate(coreModule());
  const payloads = encodeLooped(codec, createSpeechLikeSignal({ sampleRate: 48_000, seconds: 10 }), 500, {
    frameSamples: FRAME,
  });
  const mixer = new Mixer({ ...defaultSettings.output, isDeafened: false }, QUANTUM);
  const streams = Array.from({ length: peers }, (_, slot) => {
    const stream = new ReceiveStream({ codec, channels: 1, settings: defaultSettings.jitterBuffer });
    mixer.addStream(slot, stream, DEFAULT_STREAM_MIX);
    return stream;
  });
  const random = seededRandom(3);
  const left = new Float32Array(QUANTUM);
  const right = new Float32Array(QUANTUM);
  const mixSecond = ({ end, datagrams, due }: Second): void => {
    for (let cursor = 0; mixer.now < end; ) {
      for (; cursor < due.length; cursor++) {
        const time = due[cursor] ?? 0;
        if (time === Number.POSITIVE_INFINITY) continue;
        if (time > mixer.now) break;
        const datagram = datagrams[Math.floor(cursor / peers)];
        if (datagram !== undefined) streams[cursor % peers]?.insert(datagram, datagram.length, mixer.now);
      }
      mixer.process(left, right, 0, QUANTUM);
    }
  };
  const prepare = (second: number, network: Network): Second => prepareSecond(second, peers, payloads, network, random);
  const warmUp = Math.ceil(WARM_UP_STREAM_SECONDS / peers);
  const start = warmUp + CALM_SECONDS;
  for (let second = 0; second < start; second++) mixSecond(prepare(second, second < warmUp ? ROUGH : CALM));
  const measured = Array.from({ length: seconds }, (_, second) => prepare(start + second, CALM));
  const { count, allocators } = await countAllocations(() => measured.forEach(mixSecond));
  for (const stream of streams) stream.close();
  return { allocationsPerSecond: count / seconds, allocators: allocators.map(({ name }) => name) };
}

/** One second of every sender: what it sends, and when that arrives, sender by sender within a frame. */
function prepareSecond(
  second: number,
  peers: number,
  payloads: readonly Uint8Array[],
  { lost, jitter }: Network,
  random: RandomSource,
): Second {
  const datagrams = Array.from({ length: 50 }, (_, index) => {
    const frame = second * 50 + index;
    const payload = payloads[frame % payloads.length] ?? new Uint8Array(1);
    const datagram = packetize(payload, frame, frame * FRAME + FIRST_TIMESTAMP);
    datagram.set(SSRC, SSRC_OFFSET);
    return datagram;
  });
  const due = Float64Array.from({ length: 50 * peers }, (_, index) => {
    const sent = (second * 50 + Math.floor(index / peers)) * FRAME;
    return random() < lost ? Number.POSITIVE_INFINITY : sent + random() * jitter;
  });
  return { end: (second + 1) * 48_000, datagrams, due };
}
