import { getHeapStatistics } from "node:v8";
import { CodecModule } from "../src/engine/codec/codec-module.ts";
import { createSpeechLikeSignal } from "../src/engine/measurement/speech-like-signal.ts";
import { seededRandom } from "../src/engine/media/random.ts";
import { Mixer } from "../src/engine/playout/mixer.ts";
import { ReceiveStream } from "../src/engine/playout/receive-stream.ts";
import { DEFAULT_STREAM_MIX } from "../src/engine/playout/stream-mix.ts";
import { defaultSettings } from "../src/engine/settings/default-settings.ts";
import { coreModule } from "../test/support/core-module.ts";
import { encodeLooped } from "./receiver-encoding.ts";
import { packetize } from "./receiver-simulation.ts";

const QUANTUM = 128;
const FRAME = 960;
const WARM_UP_SECONDS = 20;

/** What mixing costs in memory. */
export type AllocationFigures = {
  /** Growth of the heap in a steady state, bytes a quantum over all streams. */
  readonly bytesPerQuantum: number;
  /** Garbage collections, seen as a shrinking heap, in the measured time. */
  readonly collections: number;
};

/**
 * Mixes `peers` streams with jitter and loss in Node and reads the size of the heap after every second of virtual time: what it grows
 * by is what was allocated, what it shrinks by was collected.
 */
export function measureAllocation(peers: number, seconds: number): AllocationFigures {
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
  let grown = 0;
  let collections = 0;
  let quanta = 0;
  for (let second = 0; second < WARM_UP_SECONDS + seconds; second++) {
    // All that the sender's side allocates is made before the heap is read.
    const datagrams = Array.from({ length: 50 }, (_, index) => {
      const frame = second * 50 + index;
      return packetize(payloads[frame % payloads.length] ?? new Uint8Array(1), frame, frame * FRAME);
    });
    const due = Float64Array.from({ length: 50 * peers }, (_, index) => {
      const sent = (second * 50 + Math.floor(index / peers)) * FRAME;
      return random() < 0.01 ? Number.POSITIVE_INFINITY : sent + random() * 480;
    });
    const isMeasured = second >= WARM_UP_SECONDS;
    const before = getHeapStatistics().used_heap_size;
    for (let cursor = 0; mixer.now < (second + 1) * 48_000; ) {
      for (; cursor < due.length; cursor++) {
        const time = due[cursor] ?? 0;
        if (time === Number.POSITIVE_INFINITY) continue;
        if (time > mixer.now) break;
        const datagram = datagrams[Math.floor(cursor / peers)];
        if (datagram !== undefined) streams[cursor % peers]?.insert(datagram, datagram.length, mixer.now);
      }
      mixer.process(left, right, 0, QUANTUM);
      if (isMeasured) quanta++;
    }
    const growth = getHeapStatistics().used_heap_size - before;
    if (!isMeasured) continue;
    if (growth < 0) collections++;
    else grown += growth;
  }
  for (const stream of streams) stream.close();
  return { bytesPerQuantum: grown / Math.max(1, quanta), collections };
}
