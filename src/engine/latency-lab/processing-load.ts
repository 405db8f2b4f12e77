import { captureOffline } from "../capture/offline-capture.ts";
import { CodecModule } from "../codec/codec-module.ts";
import { OpusDecoder } from "../codec/opus-decoder.ts";
import { SAMPLE_RATE } from "../media/units.ts";
import type { Settings } from "../settings/settings.ts";
import { ChunkLoop, type ChunkLoopSettings } from "../threading/chunk-loop.ts";

/** The modules that processing needs, compiled. */
export type LoadModules = { readonly core: WebAssembly.Module; readonly rnnoise: WebAssembly.Module };

/** How often the same is timed; the quickest counts, since whatever else runs on the machine only adds. */
const ROUNDS = 3;

/** Share of one core for the engine's capture chain and decoder over `speech` at 48 kHz, %. Timed on the calling thread. */
export function engineLoadPercent(modules: LoadModules, settings: Settings, speech: Float32Array): number {
  return quickest(speech, () => {
    const { capture, encoder } = settings;
    const { packets } = captureOffline({ ...modules, capture, encoder, channels: [speech], sampleRate: SAMPLE_RATE });
    const decoder = new OpusDecoder(CodecModule.instantiate(modules.core), { channels: 1 });
    for (const { payload } of packets) decoder.decode(payload, 0, payload.length);
  });
}

/** The same for a chunk loop. */
export function chunkLoopLoadPercent(modules: LoadModules, settings: ChunkLoopSettings, speech: Float32Array): number {
  const quantumFrames = 128;
  const output = new Float32Array(quantumFrames);
  return quickest(speech, () => {
    const codec = CodecModule.instantiate(modules.core);
    const loop = new ChunkLoop(codec, { contextRate: SAMPLE_RATE, quantumFrames }, settings, modules.rnnoise);
    for (let at = 0; at + quantumFrames <= speech.length; at += quantumFrames) {
      loop.process([speech.subarray(at, at + quantumFrames)], output);
    }
    loop.close();
  });
}

function quickest(speech: Float32Array, work: () => void): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    work();
    shortest = Math.min(shortest, performance.now() - start);
  }
  return (100 * shortest) / ((1_000 * speech.length) / SAMPLE_RATE);
}
