import { CodecModule } from "../src/engine/codec/codec-module.ts";
import { OpusDecoder } from "../src/engine/codec/opus-decoder.ts";
import { createSpeechLikeSignal } from "../src/engine/measurement/speech-like-signal.ts";
import { Mixer } from "../src/engine/playout/mixer.ts";
import { ReceiveStream } from "../src/engine/playout/receive-stream.ts";
import { DEFAULT_STREAM_MIX } from "../src/engine/playout/stream-mix.ts";
import { defaultSettings } from "../src/engine/settings/default-settings.ts";
import { coreModule } from "../test/support/core-module.ts";
import type { BenchOptions } from "./bench-result.ts";
import type { ReceiveChainResult } from "./chain.bench.ts";
import type { StageRow } from "./chain-timing.ts";
import { encodeLooped } from "./receiver-encoding.ts";
import { packetize } from "./receiver-simulation.ts";
import { measureCells } from "./scale-cells.ts";

const QUANTUM = 128;
const FRAME = 960;
const BLOCKS_PER_FRAME = 2;
/** Share of a quantum that all streams together may take. */
const BUDGET_PERCENT = 30;
const WARM_UP_FRAMES = 500;

/**
 * What a 10 ms block of one received stream costs: decoding alone, the whole stream (jitter buffer, decoding, drift), the mix with its
 * limiter; and how many streams fit {@link BUDGET_PERCENT} of a quantum at the 99th percentile, by the worklet's figures for 8 and 32.
 */
export async function measureReceive({ quick, values, progress }: BenchOptions): Promise<ReceiveChainResult> {
  const codec = CodecModule.instantiate(coreModule());
  const count = quick ? 1_500 : 4_000;
  const payloads = encodeLooped(codec, createSpeechLikeSignal({ sampleRate: 48_000, seconds: 10 }), 500, {
    frameSamples: FRAME,
  });
  const datagrams = Array.from({ length: count }, (_, index) =>
    packetize(payloads[index % payloads.length] ?? new Uint8Array(1), index, index * FRAME),
  );
  const node = (stage: string, microseconds: number): StageRow => ({ where: "node", stage, microseconds });
  const decode = timeDecoding(codec, payloads, count);
  const stream = timeStream(codec, datagrams);
  const mixed = timeMix(codec, datagrams);
  const rows = [node("receive: decode", decode), node("receive: stream", stream), node("receive: mix", mixed - stream)];
  if (values.has("node-only")) return { rows, peersPerQuantum: peersWithin(mixed - stream, stream) };
  const cells = [8, 32].map((peers) => ({ peers, frameMs: 20, seconds: quick ? 5 : 10 }));
  const [few, many] = (await measureCells(cells, progress)).map(({ result }) => result);
  if (few === undefined || many === undefined) return { rows, peersPerQuantum: 0 };
  const quantumUs = (1e6 * QUANTUM) / 48_000;
  const perBlock = (percent: number): number => (((percent / 100) * quantumUs) / QUANTUM) * 480;
  const perPeer = (many.meanPercent - few.meanPercent) / 24;
  const slope = (many.p99Percent - few.p99Percent) / 24;
  const base = few.p99Percent - 8 * slope;
  const worklet = (stage: string, percent: number): StageRow => ({
    where: "worklet",
    stage,
    microseconds: perBlock(percent),
  });
  return {
    rows: [
      ...rows,
      worklet("receive: stream", perPeer),
      worklet("receive: mix", Math.max(0, few.meanPercent - 8 * perPeer)),
    ],
    peersPerQuantum: slope > 0 ? Math.max(0, Math.floor((BUDGET_PERCENT - base) / slope)) : 32,
  };
}

function peersWithin(mixUs: number, streamUs: number): number {
  return Math.floor(((BUDGET_PERCENT / 100) * 10_000 - mixUs) / streamUs);
}

function timeDecoding(codec: CodecModule, payloads: readonly Uint8Array[], count: number): number {
  const decoder = new OpusDecoder(codec, { channels: 1 });
  let start = 0;
  for (let index = 0; index < count; index++) {
    if (index === WARM_UP_FRAMES) start = performance.now();
    const payload = payloads[index % payloads.length];
    if (payload !== undefined) decoder.decode(payload, 0, payload.length);
  }
  const spent = performance.now() - start;
  decoder.close();
  return (1_000 * spent) / ((count - WARM_UP_FRAMES) * BLOCKS_PER_FRAME);
}

/** Runs frame by frame; `now` is the clock before each quantum. */
function timeFrames(
  datagrams: readonly Uint8Array[],
  insert: (datagram: Uint8Array, now: number) => void,
  pull: () => void,
): number {
  let start = 0;
  let now = 0;
  for (const [index, datagram] of datagrams.entries()) {
    if (index === WARM_UP_FRAMES) start = performance.now();
    insert(datagram, now);
    for (; now < (index + 1) * FRAME; now += QUANTUM) pull();
  }
  return (1_000 * (performance.now() - start)) / ((datagrams.length - WARM_UP_FRAMES) * BLOCKS_PER_FRAME);
}

function timeStream(codec: CodecModule, datagrams: readonly Uint8Array[]): number {
  const stream = new ReceiveStream({ codec, channels: 1, settings: defaultSettings.jitterBuffer });
  const left = new Float32Array(QUANTUM);
  const right = new Float32Array(QUANTUM);
  const microseconds = timeFrames(
    datagrams,
    (datagram, now) => stream.insert(datagram, datagram.length, now),
    () => stream.pull(left, right, 0, QUANTUM),
  );
  stream.close();
  return microseconds;
}

function timeMix(codec: CodecModule, datagrams: readonly Uint8Array[]): number {
  const mixer = new Mixer({ ...defaultSettings.output, isDeafened: false }, QUANTUM);
  const stream = new ReceiveStream({ codec, channels: 1, settings: defaultSettings.jitterBuffer });
  mixer.addStream(0, stream, DEFAULT_STREAM_MIX);
  const left = new Float32Array(QUANTUM);
  const right = new Float32Array(QUANTUM);
  const microseconds = timeFrames(
    datagrams,
    (datagram) => stream.insert(datagram, datagram.length, mixer.now),
    () => mixer.process(left, right, 0, QUANTUM),
  );
  stream.close();
  return microseconds;
}
