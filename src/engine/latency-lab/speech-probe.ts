import { CodecModule } from "../codec/codec-module.ts";
import type { MeasurementRecording } from "../measurement/measurement-recorder.ts";
import { compareSpeech, type SpeechComparison } from "../measurement/speech-comparison.ts";
import { createSpeechLikeSignal } from "../measurement/speech-like-signal.ts";
import { SAMPLE_RATE } from "../media/units.ts";
import { resampleSignal } from "./resample-signal.ts";

/** First sample of a probe: loud enough to be found in a silent recording. */
const MARK = 0.02;

/**
 * Speech to send through a path and to compare with what comes out. The original is at 48 kHz whatever the context's rate, so that
 * bandwidth lost by the rate counts like any other loss.
 */
export class SpeechProbe {
  readonly #codec: CodecModule;
  readonly #original: Float32Array<ArrayBuffer>;

  constructor(core: WebAssembly.Module, seconds: number) {
    this.#codec = CodecModule.instantiate(core);
    this.#original = Float32Array.from(createSpeechLikeSignal({ sampleRate: SAMPLE_RATE, seconds, pauseShare: 0.1 }));
  }

  /** The signal at 48 kHz. */
  get original(): Float32Array<ArrayBuffer> {
    return this.#original;
  }

  /** The signal for a context of `sampleRate`, Hz. */
  at(sampleRate: number): Float32Array<ArrayBuffer> {
    const signal = resampleSignal(this.#codec, this.#original, SAMPLE_RATE, sampleRate).slice();
    signal[0] = MARK;
    return signal;
  }

  /**
   * Compares what a recording's second track received with the original.
   *
   * @param delayMs of the path, as the chirps say
   * @returns undefined when the probe is not in the recording
   */
  compare({ sampleRate, tracks }: MeasurementRecording, delayMs: number): SpeechComparison | undefined {
    const [sent, received] = tracks;
    const start = sent?.findIndex((sample) => Math.abs(sample) >= MARK / 2) ?? -1;
    if (received === undefined || start < 0) return undefined;
    const from = start + Math.round((delayMs / 1_000) * sampleRate);
    const length = Math.round((this.#original.length * sampleRate) / SAMPLE_RATE);
    const heard = resampleSignal(this.#codec, received.slice(from, from + length), sampleRate, SAMPLE_RATE);
    return compareSpeech(this.#original, heard, SAMPLE_RATE);
  }
}
