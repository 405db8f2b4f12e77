import type { BrowserContext, Page } from "playwright-core";
import { keepFunctionNames } from "../test/support/keep-function-names.ts";

/** A recording whose place on the clock of the machine is known. */
export type TimedRecording = {
  /** Hz. */
  readonly sampleRate: number;
  /** Mono. */
  readonly samples: Float32Array;
  /** When the first sample passed the tap, ms since 1970. */
  readonly startMs: number;
};

/** Longest recording kept, seconds. */
const MAX_SECONDS = 120;

/**
 * Keeps samples on the audio thread. The place of the sample clock on the machine's clock is the earliest at which any quantum
 * was seen: quanta come late when the machine is busy, never early.
 */
const WORKLET = `
registerProcessor("network-tap", class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.samples = new Float32Array(${MAX_SECONDS} * sampleRate);
    this.length = 0;
    this.firstFrame = -1;
    this.earliest = Infinity;
    this.port.onmessage = ({ data }) => {
      if (data === "take") this.send();
      this.length = 0;
      this.firstFrame = -1;
      // A context that stood still has lost time: what its clock meant before says nothing about what comes.
      this.earliest = Infinity;
    };
  }
  send() {
    const bytes = new Uint8Array(this.samples.buffer.slice(0, this.length * 4));
    const startMs = this.earliest + this.firstFrame * 1000 / sampleRate;
    this.port.postMessage({ sampleRate, startMs, bytes }, [bytes.buffer]);
  }
  process([input]) {
    const seen = Date.now() - currentFrame * 1000 / sampleRate;
    if (seen < this.earliest) this.earliest = seen;
    if (this.firstFrame < 0) this.firstFrame = currentFrame;
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

/** What the page keeps: the taps of its microphone and of everything it puts out. */
type PageTaps = { readonly microphone: AudioWorkletNode[]; readonly output: AudioWorkletNode[] };

/** Runs in the page before its own scripts: taps the microphone and every connection to an AudioContext's destination. */
function tapPage(worklet: string): void {
  const address = URL.createObjectURL(new Blob([worklet], { type: "text/javascript" }));
  const taps: PageTaps = { microphone: [], output: [] };
  Object.assign(globalThis, { networkTaps: taps });
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...args: unknown[]) => AudioNode;
  const loaded = new WeakMap<BaseAudioContext, Promise<void>>();
  const tap = async (node: AudioNode, into: AudioWorkletNode[], isWanted = () => true): Promise<void> => {
    const { context } = node;
    if (!(context instanceof AudioContext)) return;
    let loading = loaded.get(context);
    if (loading === undefined) {
      loading = context.audioWorklet.addModule(address);
      loaded.set(context, loading);
    }
    await loading;
    if (!isWanted()) return;
    const recorder = new AudioWorkletNode(context, "network-tap", { numberOfOutputs: 1 });
    connect.call(node, recorder);
    // Its silent output goes to the destination, or the context would not run it.
    connect.call(recorder, context.destination);
    into.push(recorder);
  };
  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    // What keeps a context awake is nothing to hear.
    const isSound = args[0] instanceof AudioDestinationNode && !(this instanceof ConstantSourceNode);
    if (isSound) void tap(this, taps.output);
    return connect.call(this, ...args);
  } as typeof AudioNode.prototype.connect;

  const { getUserMedia } = MediaDevices.prototype;
  let endLast = (): void => undefined;
  let opened = 0;
  MediaDevices.prototype.getUserMedia = async function (constraints): Promise<MediaStream> {
    const stream = await getUserMedia.call(this, constraints);
    // The page opens its microphone anew when its processing changes, and the synthetic one begins anew with it: what the tap before
    // hears from then on is not what is sent.
    endLast();
    taps.microphone.length = 0;
    const number = ++opened;
    const tapped = stream.clone();
    const context = new AudioContext({ sampleRate: 48_000 });
    // Chromium takes a context off its device after 30 s of exact zeros, and drives it badly from then on.
    const awake = new ConstantSourceNode(context, { offset: 2 ** -30 });
    connect.call(awake, context.destination);
    awake.start();
    endLast = () => {
      for (const track of tapped.getTracks()) track.stop();
      void context.close();
    };
    await tap(
      new MediaStreamAudioSourceNode(context, { mediaStream: tapped }),
      taps.microphone,
      () => number === opened,
    );
    return stream;
  };
}

/** Taps pages opened in `context` from now on. Call before opening them; the context has to bypass content security policies. */
export async function tapPages(context: BrowserContext): Promise<void> {
  await keepFunctionNames(context);
  await context.addInitScript(tapPage, WORKLET);
}

/** Begins the recordings of both taps anew, without the work of taking them: it would stop the page's audio for a moment. */
export async function restartTaps(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { networkTaps } = globalThis as unknown as { networkTaps: PageTaps };
    for (const recorder of [...networkTaps.microphone, ...networkTaps.output]) recorder.port.postMessage("restart");
  });
}

/**
 * Takes what passed a tap of the page since it was last taken: of several, the loudest.
 * @throws Error when the page has opened no microphone or connected nothing to its speakers.
 */
export async function takeTap(page: Page, name: keyof PageTaps): Promise<TimedRecording> {
  const taken = await page.evaluate(async (wanted) => {
    const { networkTaps } = globalThis as unknown as { networkTaps: PageTaps };
    const take = (recorder: AudioWorkletNode): Promise<{ sampleRate: number; startMs: number; base64: string }> =>
      new Promise((resolve) => {
        recorder.port.onmessage = ({
          data,
        }: MessageEvent<{ sampleRate: number; startMs: number; bytes: BlobPart }>) => {
          const reader = new FileReader();
          const { sampleRate, startMs } = data;
          reader.onload = () => resolve({ sampleRate, startMs, base64: String(reader.result).split(",")[1] ?? "" });
          reader.readAsDataURL(new Blob([data.bytes]));
        };
        recorder.port.postMessage("take");
      });
    return Promise.all(networkTaps[wanted].map(take));
  }, name);
  const recordings = taken.map(({ sampleRate, startMs, base64 }): TimedRecording => {
    const bytes = Buffer.from(base64, "base64");
    // A copy: the bytes of a Buffer need not be aligned to four.
    const samples = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    return { sampleRate, startMs, samples };
  });
  const energy = ({ samples }: TimedRecording): number => samples.reduce((sum, sample) => sum + sample * sample, 0);
  const [first, ...rest] = recordings;
  if (first === undefined) throw new Error(`The page has no ${name} to tap`);
  return rest.reduce((loudest, next) => (energy(next) > energy(loudest) ? next : loudest), first);
}
