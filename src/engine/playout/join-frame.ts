import type { Samples } from "../media/units.ts";
import { SAMPLE_KIND, type SyncBuffer } from "./sync-buffer.ts";

/** Length of the cross-fade, 5 ms. */
export const JOIN_FADE = 240;
/** How far the join may move to where the waveforms match, 10 ms: a pitch period down to 100 Hz. */
const RANGE = 480;
const STRIDE = 4;
const FINE = 3;

/**
 * Joins a frame to made-up audio: cross-fades the end of the audio ahead into the frame, at the place near `skip` where the two
 * resemble each other most. The frame is at the write position, not committed; it is committed here. No allocation.
 *
 * @param frames length of the frame, more than two fades
 * @param skip least number of samples to leave out at the frame's beginning
 * @returns samples left out; position of the join is the write position before, less the fade
 */
export function joinFrame(buffer: SyncBuffer, frames: Samples, skip: Samples): Samples {
  const end = buffer.writePosition;
  const fade = Math.max(1, Math.min(JOIN_FADE, buffer.future, frames >> 1));
  const latest = Math.min(skip + RANGE, frames - fade);
  const from = bestMatch(buffer.left, end - fade, end + Math.min(skip, frames - fade), end + latest, fade) - end;
  crossFade(buffer.left, end, from, fade, frames);
  if (buffer.channels === 2) crossFade(buffer.right, end, from, fade, frames);
  // In the second half of the fade the frame prevails.
  buffer.kinds.fill(SAMPLE_KIND.audio, end - (fade >> 1), end);
  buffer.commit(frames - from - fade, SAMPLE_KIND.audio);
  return from;
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

/** Fades the last `fade` samples before `end` into those from `end + from`, then moves up what follows them. */
function crossFade(signal: Float32Array, end: number, from: number, fade: number, frames: number): void {
  const start = end - fade;
  for (let i = 0; i < fade; i++) {
    const weight = (i + 1) / (fade + 1);
    const old = signal[start + i] ?? 0;
    signal[start + i] = old + ((signal[end + from + i] ?? 0) - old) * weight;
  }
  signal.copyWithin(end, end + from + fade, end + frames);
}
