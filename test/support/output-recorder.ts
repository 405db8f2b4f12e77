import type { BrowserContext, Page } from "playwright-core";

/** What one AudioContext of a page put out to its destination, as mono. */
export type OutputRecording = {
  /** Hz, the rate of that context. */
  readonly sampleRate: number;
  readonly samples: Float32Array;
};

/** Longest recording kept, seconds. */
const MAX_SECONDS = 180;

/**
 * The recorder lives on the audio thread and keeps the samples there, so that a blocked main thread costs it nothing.
 * It is plain JavaScript because it belongs to the test, not to the page under test.
 */
const WORKLET = `
registerProcessor("output-recorder", class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.samples = new Float32Array(${MAX_SECONDS} * sampleRate);
    this.length = 0;
    this.port.onmessage = () => {
      const bytes = new Uint8Array(this.samples.buffer.slice(0, this.length * 4));
      this.port.postMessage({ sampleRate, bytes }, [bytes.buffer]);
    };
  }
  process([input]) {
    const frames = input[0]?.length ?? 128;
    const room = Math.min(frames, this.samples.length - this.length);
    for (let n = 0; n < room; n++) {
      let sum = 0;
      for (let c = 0; c < input.length; c++) sum += input[c][n];
      this.samples[this.length + n] = input.length > 0 ? sum / input.length : 0;
    }
    this.length += room;
    return true;
  }
});`;

/** Runs in the page before its own scripts: a tap beside every connection to an AudioContext's destination. */
function tapDestinations(source: string): void {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...args: unknown[]) => AudioNode;
  const loaded = new WeakMap<BaseAudioContext, Promise<void>>();
  const recorders: AudioWorkletNode[] = [];
  Object.assign(globalThis, { outputRecorders: recorders });
  const tap = async (node: AudioNode): Promise<void> => {
    const { context } = node;
    if (!(context instanceof AudioContext)) return;
    let loading = loaded.get(context);
    if (loading === undefined) {
      loading = context.audioWorklet.addModule(url);
      loaded.set(context, loading);
    }
    await loading;
    const recorder = new AudioWorkletNode(context, "output-recorder", { numberOfOutputs: 1 });
    connect.call(node, recorder);
    // Its silent output goes to the destination, or the context would not run it.
    connect.call(recorder, context.destination);
    recorders.push(recorder);
  };
  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    // What keeps a context awake is nothing to hear.
    if (args[0] instanceof AudioDestinationNode && !(this instanceof ConstantSourceNode)) void tap(this);
    return connect.call(this, ...args);
  } as typeof AudioNode.prototype.connect;
}

/**
 * Records everything that pages opened in `context` from now on put out. Call before opening them; the context has to be
 * made with `bypassCSP`, since the recorder is no file of the page's own.
 */
export async function recordOutputs(context: BrowserContext): Promise<void> {
  // Under tsx, functions sent to a page refer to a helper that keeps their names; pages have none.
  await context.addInitScript("globalThis.__name ??= (value) => value;");
  await context.addInitScript(tapDestinations, WORKLET);
}

/** Takes what a page has put out since it started: the recording of the loudest of its outputs. */
export async function takeRecording(page: Page): Promise<OutputRecording> {
  const recordings = await page.evaluate(async () => {
    const { outputRecorders } = globalThis as unknown as { outputRecorders: readonly AudioWorkletNode[] };
    const take = (recorder: AudioWorkletNode): Promise<{ sampleRate: number; base64: string }> =>
      new Promise((resolve) => {
        recorder.port.onmessage = (event: MessageEvent<{ sampleRate: number; bytes: Uint8Array<ArrayBuffer> }>) => {
          const reader = new FileReader();
          reader.onload = () =>
            resolve({ sampleRate: event.data.sampleRate, base64: String(reader.result).split(",")[1] ?? "" });
          reader.readAsDataURL(new Blob([event.data.bytes]));
        };
        recorder.port.postMessage("take");
      });
    return Promise.all(outputRecorders.map(take));
  });
  const decoded = recordings.map(({ sampleRate, base64 }) => {
    const bytes = Buffer.from(base64, "base64");
    // A copy: the bytes of a Buffer need not be aligned to four.
    const samples = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    return { sampleRate, samples };
  });
  const energy = ({ samples }: OutputRecording): number => samples.reduce((sum, sample) => sum + sample * sample, 0);
  const [first, ...rest] = decoded;
  if (first === undefined) throw new Error("The page has connected nothing to an AudioContext's destination");
  return rest.reduce((loudest, next) => (energy(next) > energy(loudest) ? next : loudest), first);
}
