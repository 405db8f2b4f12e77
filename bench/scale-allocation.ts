import { Session } from "node:inspector/promises";
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
/** Of audio, run before anything is counted. */
export const WARM_UP_SECONDS = 60;

/** What mixing allocates on the heap of its thread in a steady state. */
export type AllocationFigures = {
  /** Objects allocated by the engine per second of audio, over all streams. */
  readonly allocationsPerSecond: number;
  /** Functions of the engine that allocated. */
  readonly allocators: readonly string[];
};

type ProfileNode = {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly selfSize: number;
  readonly children: readonly ProfileNode[];
};

/**
 * Mixes `peers` streams with jitter and loss in Node and counts allocations with V8's sampling heap profiler at an interval of one
 * byte, which sees every object, garbage too, after a warm-up in which the functions are compiled with optimisation.
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
  const run = (from: number, to: number): void => {
    for (let second = from; second < to; second++) mixSecond(second);
  };
  const mixSecond = (second: number): void => {
    const datagrams = Array.from({ length: 50 }, (_, index) => {
      const frame = second * 50 + index;
      return packetize(payloads[frame % payloads.length] ?? new Uint8Array(1), frame, frame * FRAME);
    });
    const due = Float64Array.from({ length: 50 * peers }, (_, index) => {
      const sent = (second * 50 + Math.floor(index / peers)) * FRAME;
      return random() < 0.01 ? Number.POSITIVE_INFINITY : sent + random() * 480;
    });
    for (let cursor = 0; mixer.now < (second + 1) * 48_000; ) {
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
  run(0, WARM_UP_SECONDS);
  const profile = await profileAllocations(() => run(WARM_UP_SECONDS, WARM_UP_SECONDS + seconds));
  for (const stream of streams) stream.close();
  const found = new Map<number, string>();
  collect(profile.head, found);
  const count = profile.samples.filter(({ nodeId }) => found.has(nodeId)).length;
  return { allocationsPerSecond: count / seconds, allocators: [...new Set(found.values())] };
}

type Profile = { readonly head: ProfileNode; readonly samples: readonly { readonly nodeId: number }[] };

async function profileAllocations(work: () => void): Promise<Profile> {
  const session = new Session();
  session.connect();
  await session.post("HeapProfiler.enable");
  await session.post("HeapProfiler.startSampling", {
    samplingInterval: 1,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  } as object);
  work();
  const { profile } = (await session.post("HeapProfiler.stopSampling")) as unknown as { readonly profile: Profile };
  session.disconnect();
  return profile;
}

/** Nodes of the engine's own functions; what the bench itself allocates is left out. */
function collect(node: ProfileNode, found: Map<number, string>): void {
  const { url, functionName } = node.callFrame;
  const isEngine = url.includes("/src/engine/") && !url.includes("/rtp-packet.ts") && !url.includes("/random.ts");
  if (isEngine && node.selfSize > 0) found.set(node.id, `${functionName} in ${url.split("/").at(-1) ?? ""}`);
  for (const child of node.children) collect(child, found);
}
