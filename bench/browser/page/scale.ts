import { CodecModule } from "../../../src/engine/codec/codec-module.ts";
import { loadCoreModule } from "../../../src/engine/codec/load-core.ts";
import { OpusEncoder } from "../../../src/engine/codec/opus-encoder.ts";
import {
  RECEIVE_LOAD,
  type ReceiveLoadOptions,
  type ReceiveLoadResult,
} from "../../../src/engine/measurement/receive-load.ts";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";
import loadUrl from "../../../src/worklets/receive-load.worklet.ts?worker&url";
import coreUrl from "../../../wasm/dist/core.wasm?url";
import type { ScaleCell, ScaleCellResult } from "../scale-cell.ts";

const SAMPLE_RATE = 48_000;
const WARM_UP_SECONDS = 3;
const QUANTUM = 128;

/** `AudioContext.playbackStats` as Chromium has it. */
type WithPlaybackStats = { readonly playbackStats?: { readonly underrunEvents: number } };

const clock = new Float64Array(new SharedArrayBuffer(8));
new Worker(new URL("./spin-clock.worker.ts", import.meta.url), { type: "module" }).postMessage(clock);

/** Twenty seconds of encoded synthetic speech: 32 kbit/s with in-band FEC, as a call would be. */
function encode(core: WebAssembly.Module, frameSamples: number): readonly Uint8Array[] {
  const signal = createSpeechLikeSignal({ sampleRate: SAMPLE_RATE, seconds: 20 });
  const encoder = new OpusEncoder(CodecModule.instantiate(core), { channels: 1 });
  encoder.configure({ bitrate: 32_000, complexity: 9, fec: true, expectedLossPercent: 10 });
  const payloads: Uint8Array[] = [];
  for (let at = 0; at + frameSamples <= signal.length; at += frameSamples) {
    encoder.input.set(signal.subarray(at, at + frameSamples));
    payloads.push(encoder.output.slice(0, encoder.encode(frameSamples)));
  }
  encoder.close();
  return payloads;
}

async function measureCell({ peers, frameMs, seconds }: ScaleCell): Promise<ScaleCellResult> {
  const core = await loadCoreModule(coreUrl);
  const frameSamples = (frameMs * SAMPLE_RATE) / 1_000;
  const context: AudioContext & WithPlaybackStats = new AudioContext({ sampleRate: SAMPLE_RATE });
  await context.audioWorklet.addModule(loadUrl);
  const processorOptions: ReceiveLoadOptions = {
    core,
    peers,
    payloads: encode(core, frameSamples),
    frameSamples,
    jitterSamples: 480,
    lostShare: 0.01,
    clock,
    maxQuanta: Math.ceil((seconds * SAMPLE_RATE) / QUANTUM),
    warmUpQuanta: Math.ceil((WARM_UP_SECONDS * SAMPLE_RATE) / QUANTUM),
  };
  const node = new AudioWorkletNode(context, RECEIVE_LOAD, {
    numberOfInputs: 0,
    outputChannelCount: [2],
    processorOptions,
  });
  node.connect(context.destination);
  await pause(WARM_UP_SECONDS);
  const before = context.playbackStats?.underrunEvents;
  await pause(seconds);
  const after = context.playbackStats?.underrunEvents;
  const result = await new Promise<ReceiveLoadResult>((resolve) => {
    node.port.onmessage = ({ data }: MessageEvent<ReceiveLoadResult>) => resolve(data);
    node.port.postMessage("report");
  });
  await context.close();
  return summarise(result, before === undefined || after === undefined ? null : after - before);
}

function summarise(result: ReceiveLoadResult, underruns: number | null): ScaleCellResult {
  const { durations, quantumFrames, sampleRate, concealedSamples, totalSamples } = result;
  const quantumMs = (1_000 * quantumFrames) / sampleRate;
  const sorted = durations.toSorted();
  const percent = (milliseconds: number): number => (100 * milliseconds) / quantumMs;
  return {
    meanPercent: percent(durations.reduce((sum, value) => sum + value, 0) / Math.max(1, durations.length)),
    p99Percent: percent(sorted[Math.floor(sorted.length * 0.99)] ?? 0),
    maxPercent: percent(sorted.at(-1) ?? 0),
    quanta: durations.length,
    underruns,
    concealedPercent: (100 * concealedSamples) / Math.max(1, totalSamples),
  };
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
}

Object.assign(globalThis, { measureCell });
