import rnnoiseUrl from "@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm?url";
import {
  CHAIN_TIMING,
  type ChainTiming,
  type ChainTimingOptions,
} from "../../../src/engine/measurement/chain-timing.ts";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";
import type { Settings } from "../../../src/engine/settings/settings.ts";
import workletUrl from "../../../src/worklets/chain-timing.worklet.ts?worker&url";
import coreUrl from "../../../wasm/dist/core.wasm?url";

const compile = async (url: string): Promise<WebAssembly.Module> =>
  WebAssembly.compile(await (await fetch(url)).arrayBuffer());

/** Times the chain in an AudioWorklet of a running AudioContext. */
async function timeChain(settings: Settings, blocks: number): Promise<ChainTiming> {
  const context = new AudioContext({ sampleRate: 48_000 });
  await context.audioWorklet.addModule(workletUrl);
  const processorOptions: ChainTimingOptions = {
    core: await compile(coreUrl),
    rnnoise: await compile(rnnoiseUrl),
    capture: settings.capture,
    encoder: settings.encoder,
    signal: createSpeechLikeSignal({ sampleRate: 48_000, seconds: 10, seed: 1 }),
    warmUpBlocks: 600,
    blocks,
    burst: 10,
  };
  const node = new AudioWorkletNode(context, CHAIN_TIMING, { numberOfInputs: 0, processorOptions });
  const timing = await new Promise<ChainTiming>((resolve, reject) => {
    node.port.onmessage = ({ data }: MessageEvent<ChainTiming>) => resolve(data);
    node.onprocessorerror = () => reject(new Error("The worklet threw"));
    node.connect(context.destination);
    void context.resume();
  });
  await context.close();
  return timing;
}

Object.assign(globalThis, { timeChain });
