import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Measurement } from "./network-measurement.ts";
import { writeWav } from "./wav.ts";

/** Length of one saved clip, seconds: what judges of speech are trained on. */
const CLIP_SECONDS = 10;

/**
 * Writes what was heard as `PATH-near-1.wav` … into `folder`, in clips of ten seconds, what was said beside it as
 * `PATH-near-1.said.wav`, and the engine's statistics as `PATH.json`.
 */
export function saveRecordings(folder: string, path: string, measured: Measurement): void {
  mkdirSync(folder, { recursive: true });
  measured.directions.forEach(({ spoken, heard }, direction) => {
    const side = direction === 0 ? "near" : "far";
    for (const [suffix, { sampleRate, samples }] of [
      [".wav", heard],
      [".said.wav", spoken],
    ] as const) {
      const length = CLIP_SECONDS * sampleRate;
      for (let clip = 0; (clip + 1) * length <= samples.length; clip++) {
        const channel = samples.slice(clip * length, (clip + 1) * length);
        writeWav(join(folder, `${path}-${side}-${clip + 1}${suffix}`), { sampleRate, channels: [channel] });
      }
    }
  });
  if (measured.details !== undefined) {
    writeFileSync(join(folder, `${path}.json`), `${JSON.stringify(measured.details, undefined, 2)}\n`);
  }
}
