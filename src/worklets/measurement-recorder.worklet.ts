import {
  MEASUREMENT_RECORDER,
  type MeasurementRecorderOptions,
  type MeasurementRecording,
} from "../engine/measurement/measurement-recorder.ts";

/** Smallest render quantum that browsers offer, frames. */
const SMALLEST_QUANTUM = 32;

/**
 * Records several signals on one sample clock: one input per signal, the first channel of each. The samples stay on the
 * audio thread until they are asked for, so nothing the main thread does can disturb a recording.
 */
class MeasurementRecorderProcessor extends AudioWorkletProcessor {
  readonly #tracks: readonly Float32Array<ArrayBuffer>[];
  readonly #callTimes: Float64Array<ArrayBuffer>;
  #length = 0;
  #calls = 0;
  #quantumFrames = 0;

  constructor(options: { readonly processorOptions: MeasurementRecorderOptions }) {
    super();
    const { inputs, maxSeconds } = options.processorOptions;
    const capacity = Math.ceil(maxSeconds * sampleRate);
    this.#tracks = Array.from({ length: inputs }, () => new Float32Array(capacity));
    this.#callTimes = new Float64Array(Math.ceil(capacity / SMALLEST_QUANTUM));
    this.port.onmessage = () => this.#send();
  }

  #send(): void {
    const recording: MeasurementRecording = {
      sampleRate,
      quantumFrames: this.#quantumFrames,
      tracks: this.#tracks.map((track) => track.slice(0, this.#length)),
      callTimes: this.#callTimes.slice(0, this.#calls),
    };
    this.port.postMessage(recording, [...recording.tracks.map((track) => track.buffer), recording.callTimes.buffer]);
    this.#length = 0;
    this.#calls = 0;
  }

  process(inputs: readonly (readonly Float32Array[])[], outputs: readonly (readonly Float32Array[])[]): boolean {
    const frames = outputs[0]?.[0]?.length ?? 128;
    this.#quantumFrames = frames;
    if (this.#calls < this.#callTimes.length) this.#callTimes[this.#calls++] = Date.now();
    for (let index = 0; index < this.#tracks.length; index++) {
      const track = this.#tracks[index];
      if (track === undefined || this.#length + frames > track.length) continue;
      const samples = inputs[index]?.[0];
      if (samples === undefined) track.fill(0, this.#length, this.#length + frames);
      else track.set(samples, this.#length);
    }
    if (this.#length + frames <= (this.#tracks[0]?.length ?? 0)) this.#length += frames;
    return true;
  }
}

registerProcessor(MEASUREMENT_RECORDER, MeasurementRecorderProcessor);
