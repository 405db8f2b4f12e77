import type { Samples } from "../media/units.ts";
import { SAMPLE_KIND, type SyncBuffer } from "./sync-buffer.ts";

/** Length of the cross-fade, 5 ms. */
export const JOIN_FADE = 240;
/** How far the join may move to where the waveforms match, 12.5 ms: a pitch period down to 80 Hz. */
const RANGE = 600;
const STRIDE = 4;
const FINE = 3;

/**
 * Joins a frame to made-up audio: cross-fades into the frame from the place in the made-up audio ahead that resembles its beginning
 * most, and drops what is left of the made-up audio. The frame is at the write position, not committed; it is committed here.
 * No allocation.
 *
 * @param frames length of the frame
 * @param skip number of samples to leave out at the frame's beginning, at most half of it
 * @param spare samples at the end of the audio ahead that are made up and may be dropped
 * @returns position at which the sample `skip` of the frame is now
 */
export function joinFrame(buffer: SyncBuffer, frames: Samples, skip: Samples, spare: Samples): number {
  const end = buffer.writePosition;
  const fade = Math.max(1, Math.min(JOIN_FADE, buffer.future, frames - skip));
  const latest = end - fade;
  const earliest = Math.max(buffer.readPosition, latest - Math.min(RANGE, Math.max(0, spare - fade)));
  const at = bestMatch(buffer.left, end + skip, earliest, latest, fade);
  crossFade(buffer.left, at, end + skip, fade, end + frames);
  if (buffer.channels === 2) crossFade(buffer.right, at, end + skip, fade, end + frames);
  buffer.truncate(at);
  // In the second half of the fade the frame prevails.
  buffer.commit(fade >> 1, SAMPLE_KIND.concealed);
  buffer.commit(frames - skip - (fade >> 1), SAMPLE_KIND.audio);
  return at;
}

/** Position in [first, last] where the signal resembles that at `tail` most, over `length` samples. */
function bestMatch(signal: Float32Array, tail: number, first: number, last: number, length: number): number {
  let best = -2;
  let found = first;
  for (let at = first; at <= last; at += STRIDE) {
    const value = similarity(signal, tail, at, length);
    if (value > best) {
      best = value;
      found = at;
    }
  }
  const from = Math.max(first, found - FINE);
  const to = Math.min(last, found + FINE);
  for (let at = from; at <= to; at++) {
    const value = similarity(signal, tail, at, length);
    if (value > best) {
      best = value;
      found = at;
    }
  }
  return found;
}

function similarity(signal: Float32Array, a: number, b: number, length: number): number {
  let product = 0;
  let energyA = 1e-9;
  let energyB = 1e-9;
  for (let i = 0; i < length; i += 2) {
    const x = signal[a + i] ?? 0;
    const y = signal[b + i] ?? 0;
    product += x * y;
    energyA += x * x;
    energyB += y * y;
  }
  return product / Math.sqrt(energyA * energyB);
}

/** Fades at `at` into the signal from `from`, and moves up what follows there until `end`. */
function crossFade(signal: Float32Array, at: number, from: number, fade: number, end: number): void {
  for (let i = 0; i < fade; i++) {
    const weight = (i + 1) / (fade + 1);
    const old = signal[at + i] ?? 0;
    signal[at + i] = old + ((signal[from + i] ?? 0) - old) * weight;
  }
  signal.copyWithin(at + fade, from + fade, end);
}
