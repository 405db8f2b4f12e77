import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { GtcrnSuppressor } from "../src/engine/capture/gtcrn-suppressor.ts";
import { RnnoiseSuppressor } from "../src/engine/capture/rnnoise-suppressor.ts";
import { SpeexSuppressor } from "../src/engine/capture/speex-suppressor.ts";
import type { Suppressor } from "../src/engine/capture/suppressor.ts";
import { CodecModule } from "../src/engine/codec/codec-module.ts";
import { coreModule } from "../test/support/core-module.ts";
import { CallTimer, type CallTimes } from "./codec-timing.ts";

const require = createRequire(import.meta.url);

/** A noise suppressor and what each frame took. */
export type SuppressorTiming = {
  readonly name: string;
  readonly variant: string;
  /** Length of the frame it works on, ms. */
  readonly frameMs: number;
  readonly times: CallTimes;
};

/** The engine's suppressors. The RNNoise packages of npm do not load outside a browser. */
export const SUPPRESSORS = [
  { variant: "speex", frameMs: 10 },
  { variant: "rnnoise", frameMs: 10 },
  { variant: "gtcrn", frameMs: 16 },
] as const;

/** Times every suppressor once, in the order of {@link SUPPRESSORS}. */
export async function timeSuppressors(pcm: Float32Array): Promise<readonly SuppressorTiming[]> {
  const compile = async (file: string): Promise<WebAssembly.Module> =>
    WebAssembly.compile(await readFile(require.resolve(file)));
  const modules = {
    rnnoise: await compile("@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm"),
    gtcrn: await compile("@sapphi-red/web-noise-suppressor/gtcrn.wasm"),
  };
  const open = {
    speex: () => new SpeexSuppressor(CodecModule.instantiate(coreModule())),
    rnnoise: () => new RnnoiseSuppressor(modules.rnnoise),
    gtcrn: () => new GtcrnSuppressor(modules.gtcrn),
  };
  return SUPPRESSORS.map(({ variant }) => timeOne("antiphon", variant, open[variant](), pcm));
}

function timeOne(name: string, variant: string, suppressor: Suppressor, pcm: Float32Array): SuppressorTiming {
  const { frameSamples } = suppressor;
  const output = new Float32Array(frameSamples);
  const timer = new CallTimer();
  for (let at = 0; at + frameSamples <= pcm.length; at += frameSamples) {
    const frame = pcm.slice(at, at + frameSamples);
    timer.time(() => suppressor.process(frame, output));
  }
  suppressor.close();
  return { name, variant, frameMs: frameSamples / 48, times: timer.times };
}
