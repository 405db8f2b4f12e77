import { SAMPLE_RATE } from "./media/units.ts";
import type { AudioTap } from "./threading/audio-tap.ts";

/** A short piece of sound at 48 kHz, such as a sound check's recording. */
export type AudioClip = { readonly left: Float32Array<ArrayBuffer>; readonly right: Float32Array<ArrayBuffer> };

/** Copies `seconds` of what passes `tap` and closes it. Lost blocks are silence. Stops early when `signal` aborts. */
export function recordClip(tap: AudioTap, seconds: number, signal?: AbortSignal): Promise<AudioClip> {
  const length = Math.round(seconds * SAMPLE_RATE);
  const left = new Float32Array(length);
  const right = new Float32Array(length);
  return new Promise((resolve) => {
    let start: number | undefined;
    let end = 0;
    const finish = (): void => {
      tap.close();
      signal?.removeEventListener("abort", finish);
      resolve({ left: left.slice(0, end), right: right.slice(0, end) });
    };
    signal?.addEventListener("abort", finish);
    tap.forEach((block) => {
      start ??= block.position;
      const at = block.position - start;
      const frames = Math.min(block.frames, length - at);
      if (frames > 0) {
        left.set(block.left.subarray(0, frames), at);
        right.set(block.right.subarray(0, frames), at);
        end = at + frames;
      }
      if (at + block.frames >= length) {
        finish();
      }
    });
  });
}

/** Plays a clip to its end, or until `signal` aborts. */
export function playClip(context: AudioContext, clip: AudioClip, signal?: AbortSignal): Promise<void> {
  if (clip.left.length === 0 || signal?.aborted === true) {
    return Promise.resolve();
  }
  const buffer = new AudioBuffer({ numberOfChannels: 2, length: clip.left.length, sampleRate: SAMPLE_RATE });
  buffer.copyToChannel(clip.left, 0);
  buffer.copyToChannel(clip.right, 1);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(context.destination);
  return new Promise((resolve) => {
    const stop = (): void => source.stop();
    source.onended = () => {
      signal?.removeEventListener("abort", stop);
      source.disconnect();
      resolve();
    };
    signal?.addEventListener("abort", stop);
    source.start();
  });
}
