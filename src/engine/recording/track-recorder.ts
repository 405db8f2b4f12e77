import type { TrackSink, TrackSummary } from "./track-sink.ts";
import { WaveformPeaks } from "./waveform-peaks.ts";

/** A finished track: its length, its file's size and its waveform, see waveform-peaks.ts. */
export type RecordedTrack = TrackSummary & { readonly peaks: Uint8Array<ArrayBuffer> };

const SILENCE = new Float32Array(4800);

/**
 * Records blocks that carry positions on a common time base: a block's first sample lands exactly as far into the track
 * as its position is after `origin`. Missing blocks become silence, so tracks that started together stay together however
 * long they run; somebody who joins late starts with silence.
 */
export class TrackRecorder {
  readonly #sink: TrackSink;
  readonly #origin: number;
  readonly #peaks = new WaveformPeaks();
  #samples = 0;
  #filledSamples = 0;

  /** `origin` is the position, in samples at 48 kHz, of the recording's first sample. */
  constructor(sink: TrackSink, origin: number) {
    this.#sink = sink;
    this.#origin = origin;
  }

  /** Samples per channel so far. */
  get samples(): number {
    return this.#samples;
  }

  /** Samples of silence that stand for blocks which never came. */
  get filledSamples(): number {
    return this.#filledSamples;
  }

  /** Records a block. What lies before the origin, or was recorded already, is left out. */
  write(position: number, left: Float32Array, right: Float32Array, frames: number): void {
    const at = position - this.#origin;
    if (at > this.#samples) this.padTo(position);
    const skip = Math.min(frames, this.#samples - at);
    this.append(left, right, skip, frames - skip);
  }

  /** Records `frames` samples from `offset` right behind the newest one, wherever they come from. */
  append(left: Float32Array, right: Float32Array, offset: number, frames: number): void {
    this.#sink.write(left, right, offset, frames);
    this.#peaks.write(left, right, offset, frames);
    this.#samples += frames;
  }

  /** Fills the track with silence up to a position, so that tracks end together. Does nothing if it is there already. */
  padTo(position: number): void {
    let missing = position - this.#origin - this.#samples;
    if (missing > 0) this.#filledSamples += missing;
    while (missing > 0) {
      const frames = Math.min(missing, SILENCE.length);
      this.append(SILENCE, SILENCE, 0, frames);
      missing -= frames;
    }
  }

  /** Waits until the file holds what was written; see {@link TrackSink.drain} for its errors. */
  drain(): Promise<void> {
    return this.#sink.drain();
  }

  /** The envelope from the `index`th peak on, for a live waveform. */
  peaksSince(index: number): Uint8Array<ArrayBuffer> {
    return this.#peaks.since(index);
  }

  /** Completes the file. */
  async finish(): Promise<RecordedTrack> {
    return { ...(await this.#sink.finish()), peaks: this.#peaks.values() };
  }
}
