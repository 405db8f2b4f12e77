import { atEngineRate } from "./at-engine-rate.ts";
import { readWav } from "./wav.ts";

/** The first channel of a WAV file at 48 kHz, whatever its rate. */
export function loadAt48k(path: string): Float32Array {
  const { channels, sampleRate } = readWav(path);
  return atEngineRate({ sampleRate, channels: channels.slice(0, 1) })[0] ?? new Float32Array(0);
}
