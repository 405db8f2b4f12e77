import type { AudioTap, LocalStream } from "../../engine/index.ts";

/** Rate of everything that a tap delivers, Hz. */
const TAP_RATE = 48_000;

/** The same seconds of a microphone before and after its processing, mono at 48 kHz. */
export type ClipPair = { readonly raw: Float32Array<ArrayBuffer>; readonly processed: Float32Array<ArrayBuffer> };

/**
 * Records both ends of a microphone's chain at the same time. Resolves early with what there is when `signal` aborts; undefined when
 * the microphone is closed.
 */
export async function recordClips(
  microphone: LocalStream,
  options: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<ClipPair | undefined> {
  const taps = [microphone.tap("input"), microphone.tap("output")] as const;
  const [raw, processed] = taps;
  if (raw === undefined || processed === undefined) {
    return undefined;
  }
  const clips = await Promise.all([fill(raw, options), fill(processed, options)]);
  for (const tap of taps) {
    tap?.close();
  }
  return { raw: clips[0], processed: clips[1] };
}

function fill(
  tap: AudioTap,
  { seconds, signal }: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<Float32Array<ArrayBuffer>> {
  const samples = new Float32Array(seconds * TAP_RATE);
  let length = 0;
  return new Promise((resolve) => {
    const finish = (): void => resolve(samples.subarray(0, length));
    signal.addEventListener("abort", finish, { once: true });
    tap.forEach(({ left, frames }) => {
      const fitting = Math.min(frames, samples.length - length);
      samples.set(left.subarray(0, fitting), length);
      length += fitting;
      if (length === samples.length) {
        finish();
      }
    });
  });
}
