import { readFileSync } from "node:fs";
import { CodecModule } from "../src/engine/codec/codec-module.ts";
import { readOggOpus } from "../src/engine/recording/ogg-opus-reader.ts";
import { OpusSource } from "../src/engine/recording/sample-source.ts";
import { coreModule } from "../test/support/core-module.ts";

/** Every so often a marker sounds in all tracks at the same sample: samples at 48 kHz from one to the next, a minute. */
export const MARKER_INTERVAL = 60 * 48_000;

/** Where a marker begins behind a multiple of {@link MARKER_INTERVAL}, samples. */
export const MARKER_OFFSET = 480;

/** A chirp of 20 ms that stands out of speech and survives Opus. */
export const MARKER = new Float32Array(960).map((_, n) => {
  const seconds = n / 48_000;
  return 0.8 * Math.sin((Math.PI * n) / 960) ** 2 * Math.sin(2 * Math.PI * (500 * seconds + 75_000 * seconds ** 2));
});

const WINDOW = 9_600;

/** Correlation below which there is no marker: the track is silent there. */
const LEAST_CORRELATION = 20;

/** Decodes an Ogg Opus track and finds its markers; how far the worst is from its place, in milliseconds. */
export async function findMarkers(path: string): Promise<{ readonly markers: number; readonly worstMs: number }> {
  const recording = await readOggOpus(new Uint8Array(readFileSync(path)));
  const source = new OpusSource(CodecModule.instantiate(coreModule()), recording);
  const window = new Float32Array(WINDOW);
  let position = 0;
  let worst = 0;
  let markers = 0;
  for (const { left, frames } of source.chunks()) {
    for (let n = 0; n < frames; n += 1) {
      const since = (position + n) % MARKER_INTERVAL;
      if (position + n < MARKER_INTERVAL || since >= WINDOW) continue;
      window[since] = left[n] ?? 0;
      if (since !== WINDOW - 1) continue;
      const found = strongestLag(window);
      if (found === undefined) continue;
      markers += 1;
      worst = Math.max(worst, Math.abs(found - MARKER_OFFSET));
    }
    position += frames;
  }
  source.close();
  return { markers, worstMs: worst / 48 };
}

function strongestLag(window: Float32Array): number | undefined {
  let best: number | undefined;
  let strongest = LEAST_CORRELATION;
  for (let lag = 0; lag + MARKER.length < window.length; lag += 1) {
    let sum = 0;
    for (let n = 0; n < MARKER.length; n += 1) sum += (window[lag + n] ?? 0) * (MARKER[n] ?? 0);
    if (sum > strongest) {
      strongest = sum;
      best = lag;
    }
  }
  return best;
}
