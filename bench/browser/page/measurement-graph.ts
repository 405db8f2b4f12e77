import { createChirp } from "../../../src/engine/measurement/chirp.ts";
import { measureChirpDelays } from "../../../src/engine/measurement/chirp-delays.ts";
import {
  MEASUREMENT_RECORDER,
  type MeasurementRecorderOptions,
  type MeasurementRecording,
} from "../../../src/engine/measurement/measurement-recorder.ts";
import recorderUrl from "../../../src/worklets/measurement-recorder.worklet.ts?worker&url";
import type { GraphMeasurement } from "../latency-cell.ts";

/** Distance between chirps, ms. */
const PERIOD_MS = 500;

/** Delay of the reference path, ms; the delay node realises it to the sample. */
const REFERENCE_MS = 12.5;

/**
 * A chirp train, a path under test and a recorder in one AudioContext: what is sent, what comes back and a reference path
 * of known delay are recorded on the same sample clock.
 */
export class MeasurementGraph {
  readonly context: AudioContext;
  /** Connect the path under test here: it plays the chirps, mono. */
  readonly source: AudioNode;
  readonly #recorder: AudioWorkletNode;
  readonly #referenceSamples: number;

  private constructor(context: AudioContext, maxSeconds: number) {
    this.context = context;
    const { sampleRate } = context;
    const length = Math.round((PERIOD_MS / 1_000) * sampleRate);
    const buffer = context.createBuffer(1, length, sampleRate);
    buffer.getChannelData(0).set(createChirp({ sampleRate }), Math.round(0.1 * sampleRate));
    const source = new AudioBufferSourceNode(context, { buffer, loop: true });
    this.source = source;

    this.#referenceSamples = Math.round((REFERENCE_MS / 1_000) * sampleRate);
    const reference = new DelayNode(context, { delayTime: this.#referenceSamples / sampleRate, maxDelayTime: 0.1 });
    const processorOptions: MeasurementRecorderOptions = { inputs: 3, maxSeconds };
    this.#recorder = new AudioWorkletNode(context, MEASUREMENT_RECORDER, {
      numberOfInputs: 3,
      numberOfOutputs: 1,
      processorOptions,
    });
    source.connect(this.#recorder, 0, 0);
    source.connect(reference).connect(this.#recorder, 0, 2);
    this.#recorder.connect(context.destination);
    source.start();
  }

  /** Starts a graph. `maxSeconds` bounds one recording. */
  static async start(options: AudioContextOptions, maxSeconds: number): Promise<MeasurementGraph> {
    const context = new AudioContext(options);
    await context.audioWorklet.addModule(recorderUrl);
    return new MeasurementGraph(context, maxSeconds);
  }

  /** Connects the end of the path under test to the recorder. */
  listenTo(node: AudioNode): void {
    node.connect(this.#recorder, 0, 1);
  }

  /** Throws away what was recorded so far, then records for a while and measures. */
  async measure(seconds: number): Promise<GraphMeasurement> {
    await this.#take();
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    const { sampleRate, tracks } = await this.#take();
    const [sent, received, reference] = tracks;
    if (sent === undefined || received === undefined || reference === undefined) throw new Error("No recording");
    const path = measureChirpDelays({ sampleRate, sent, received }, { periodMs: PERIOD_MS });
    const known = measureChirpDelays({ sampleRate, sent, received: reference }, { periodMs: PERIOD_MS });
    if (known.delaysMs.length === 0) throw new Error("The self-test found no chirp in its own recording");
    const expected = (this.#referenceSamples / sampleRate) * 1_000;
    const selfTestErrorMs = Math.max(...known.delaysMs.map((ms) => Math.abs(ms - expected)));
    return { path, selfTestErrorMs };
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  #take(): Promise<MeasurementRecording> {
    return new Promise((resolve) => {
      this.#recorder.port.onmessage = (event: MessageEvent<MeasurementRecording>) => resolve(event.data);
      this.#recorder.port.postMessage("take");
    });
  }
}
