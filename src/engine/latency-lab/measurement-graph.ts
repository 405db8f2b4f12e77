import { createChirp } from "../measurement/chirp.ts";
import { type ChirpDelays, measureChirpDelays } from "../measurement/chirp-delays.ts";
import {
  MEASUREMENT_RECORDER,
  type MeasurementRecorderOptions,
  type MeasurementRecording,
} from "../measurement/measurement-recorder.ts";

/** Delay of the reference path, ms; the delay node realises it to the sample. */
const REFERENCE_MS = 12.5;

/** Chirps are told apart by their distance: this is it, and the longest delay looked for, ms. */
export type ChirpTiming = { readonly periodMs: number; readonly maxDelayMs: number };

/** What one recording of chirps says. */
export type ChirpMeasurement = {
  readonly delays: ChirpDelays;
  /** How far the known delay, measured in the same recording, is from what was asked; ms. */
  readonly selfTestErrorMs: number;
};

/**
 * A signal, a path under test and a recorder in one AudioContext: what is sent, what comes back and a reference path of known
 * delay are recorded on the same sample clock.
 */
export class MeasurementGraph {
  readonly context: AudioContext;
  /** Connect the path under test here: it plays the signal, mono. */
  readonly source: GainNode;
  readonly #recorder: AudioWorkletNode;
  readonly #referenceSamples: number;
  readonly #timing: ChirpTiming;
  #signal: AudioBufferSourceNode | undefined;
  #heard: AudioNode | undefined;
  #onFailure: ((error: Error) => void) | undefined;

  private constructor(context: AudioContext, timing: ChirpTiming, maxSeconds: number) {
    this.context = context;
    this.#timing = timing;
    this.source = new GainNode(context, { channelCount: 1, channelCountMode: "explicit" });
    this.#referenceSamples = Math.round((REFERENCE_MS / 1_000) * context.sampleRate);
    const delayTime = this.#referenceSamples / context.sampleRate;
    const reference = new DelayNode(context, { delayTime, maxDelayTime: 0.1 });
    const processorOptions: MeasurementRecorderOptions = { inputs: 3, maxSeconds };
    this.#recorder = new AudioWorkletNode(context, MEASUREMENT_RECORDER, {
      numberOfInputs: 3,
      numberOfOutputs: 1,
      processorOptions,
    });
    this.#recorder.onprocessorerror = () => this.#onFailure?.(new Error("The recorder has failed"));
    this.source.connect(this.#recorder, 0, 0);
    this.source.connect(reference).connect(this.#recorder, 0, 2);
    this.#recorder.connect(context.destination);
  }

  /** Starts a graph in a context that it takes over. `maxSeconds` bounds one recording. */
  static async start(options: {
    readonly context: AudioContext;
    readonly recorderUrl: string;
    readonly timing: ChirpTiming;
    readonly maxSeconds: number;
  }): Promise<MeasurementGraph> {
    await options.context.audioWorklet.addModule(options.recorderUrl);
    return new MeasurementGraph(options.context, options.timing, options.maxSeconds);
  }

  /** Connects the end of the path under test to the recorder, in place of what was connected before. */
  listenTo(node: AudioNode): void {
    this.#heard?.disconnect(this.#recorder);
    this.#heard = node;
    node.connect(this.#recorder, 0, 1);
  }

  /** Sends chirps until told otherwise. */
  playChirps(): void {
    const { sampleRate } = this.context;
    const train = new Float32Array(Math.round((this.#timing.periodMs / 1_000) * sampleRate));
    train.set(createChirp({ sampleRate }), Math.round(0.1 * sampleRate));
    this.#play(train, true);
  }

  /** Sends a signal at the context's rate once, or silence. */
  playOnce(samples: Float32Array<ArrayBuffer> | undefined): void {
    if (samples === undefined) this.#stop();
    else this.#play(samples, false);
  }

  /** Throws away what was recorded so far. */
  async forget(): Promise<void> {
    await this.take();
  }

  /** Measures the chirps of a recording. Throws Error when its own reference has none. */
  measureChirps(recording: MeasurementRecording): ChirpMeasurement {
    const { sampleRate, tracks } = recording;
    const [sent, received, reference] = tracks;
    if (sent === undefined || received === undefined || reference === undefined) throw new Error("No recording");
    const delays = measureChirpDelays({ sampleRate, sent, received }, this.#timing);
    const known = measureChirpDelays({ sampleRate, sent, received: reference }, this.#timing);
    if (known.delaysMs.length === 0) throw new Error("The self-test found no chirp in its own recording");
    const expected = (this.#referenceSamples / sampleRate) * 1_000;
    const selfTestErrorMs = Math.max(...known.delaysMs.map((ms) => Math.abs(ms - expected)));
    return { delays, selfTestErrorMs };
  }

  /** Takes what was recorded since the last call. */
  take(): Promise<MeasurementRecording> {
    return new Promise((resolve, reject) => {
      this.#onFailure = reject;
      this.#recorder.port.onmessage = (event: MessageEvent<MeasurementRecording>) => resolve(event.data);
      this.#recorder.port.postMessage("take");
    });
  }

  /** Ends the context too. */
  async close(): Promise<void> {
    this.#stop();
    if (this.context.state !== "closed") await this.context.close();
  }

  #play(samples: Float32Array<ArrayBuffer>, loop: boolean): void {
    this.#stop();
    const buffer = this.context.createBuffer(1, samples.length, this.context.sampleRate);
    buffer.copyToChannel(samples, 0);
    this.#signal = new AudioBufferSourceNode(this.context, { buffer, loop });
    this.#signal.connect(this.source);
    this.#signal.start();
  }

  #stop(): void {
    this.#signal?.stop();
    this.#signal?.disconnect();
    this.#signal = undefined;
  }
}
